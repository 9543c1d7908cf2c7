import { useState } from 'react';
import { Link } from 'react-router';
import { useMutation, useQuery, useSubscription } from 'urql';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { formatDateTime } from '../../i18n/date';
import { useLocale } from '../../i18n/locale';
import { useOutcome } from '../../ui/outcome';
import { Empty, Failure, Loading, Refusals } from '../../ui/states';
import { Title } from '../../ui/title';

const NotificationFragment = graphql(`
  fragment Letter on Notification {
    id
    kind
    title
    body
    createdAt
    readAt
    order {
      id
      number
    }
  }
`);

const Inbox = graphql(`
  query Inbox($first: Int!) {
    me {
      id
      unreadNotificationCount
      notifications(first: $first) {
        totalCount
        nodes {
          id
          ...Letter
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  }
`);

const MarkRead = graphql(`
  mutation MarkRead($input: MarkNotificationsReadInput!) {
    markNotificationsRead(input: $input) {
      user {
        id
        unreadNotificationCount
      }
      userErrors {
        code
        message
      }
    }
  }
`);

const Arrived = graphql(`
  subscription NotificationArrived {
    notificationReceived {
      id
    }
  }
`);

const PAGE = 20;
/** What the shop gives at once. */
const MOST = 100;

export function NotificationsPage() {
  const { t } = useLocale();
  const [first, setFirst] = useState(PAGE);
  const [{ data, error, fetching }, retry] = useQuery({ query: Inbox, variables: { first }, requestPolicy: 'cache-and-network' });
  const [{ fetching: marking }, markRead] = useMutation(MarkRead);
  const { refusals, settle } = useOutcome();
  useSubscription({ query: Arrived }, (_, arrived) => {
    retry({ requestPolicy: 'network-only' });
    return arrived;
  });
  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (!data?.me) return <Loading />;
  const { notifications, unreadNotificationCount } = data.me;
  const mark = async (input: { ids?: string[]; all?: boolean }) => {
    const { data, error } = await markRead({ input }, { additionalTypenames: ['Notification'] });
    settle(data?.markNotificationsRead, error);
  };
  return (
    <section>
      <Title of={t.notifications} />
      <div className="head">
        <h1>{t.notifications}</h1>
        <Link className="link" to="/account/notifications/preferences">
          {t.account.preferences}
        </Link>
        {unreadNotificationCount > 0 && (
          <button type="button" className="button small" disabled={marking} onClick={() => void mark({ all: true })}>
            {t.account.markAllRead}
          </button>
        )}
      </div>
      <Refusals of={refusals} />
      {notifications.nodes.length === 0 ? (
        <Empty title={t.account.noNotifications} hint={t.account.noNotificationsHint} />
      ) : (
        <ul className="rows panel">
          {notifications.nodes.map((it) => (
            <Letter key={it.id} of={it} onRead={(id) => void mark({ ids: [id] })} />
          ))}
        </ul>
      )}
      {notifications.pageInfo.hasNextPage && first < MOST && (
        <p className="more">
          <button type="button" className="button" disabled={fetching} onClick={() => setFirst(Math.min(first + PAGE, MOST))}>
            {t.more}
          </button>
        </p>
      )}
    </section>
  );
}

function Letter({ of, onRead }: { of: FragmentType<typeof NotificationFragment>; onRead: (id: string) => void }) {
  const { t, locale } = useLocale();
  const { id, title, body, createdAt, readAt, order } = readFragment(NotificationFragment, of);
  return (
    <li className={readAt ? 'letter' : 'letter unread'}>
      <h2>
        {!readAt && <span className="visually-hidden">{t.account.unread}: </span>}
        {title}
      </h2>
      <time dateTime={createdAt}>{formatDateTime(createdAt, locale)}</time>
      <p>{body}</p>
      <div className="form-end">
        {order && (
          <Link to={`/orders/${order.id}`} onClick={() => !readAt && onRead(id)}>
            {t.order} {order.number}
          </Link>
        )}
        {!readAt && (
          <button type="button" className="link" onClick={() => onRead(id)}>
            {t.account.markRead}
          </button>
        )}
      </div>
    </li>
  );
}
