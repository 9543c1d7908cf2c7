// How many letters wait unread, and the newest one for a moment when it comes.
import { useEffect, useState } from 'react';
import { Link, NavLink } from 'react-router';
import { useQuery, useSubscription } from 'urql';
import { graphql } from '../gql';
import type { NotificationReceivedSubscription } from '../gql/graphql';
import { useLocale } from '../i18n/locale';
import { Icon } from '../ui/icon';

const UnreadCount = graphql(`
  query UnreadCount {
    me {
      id
      unreadNotificationCount
    }
  }
`);

const NotificationReceived = graphql(`
  subscription NotificationReceived {
    notificationReceived {
      id
      title
      body
      order {
        id
      }
    }
  }
`);

const SHOWN_MS = 8_000;

export function Bell() {
  const { t } = useLocale();
  const [{ data }, refresh] = useQuery({ query: UnreadCount });
  const [news, setNews] = useState<NotificationReceivedSubscription['notificationReceived'] | null>(null);
  useSubscription({ query: NotificationReceived }, (_, received) => {
    setNews(received.notificationReceived);
    refresh({ requestPolicy: 'network-only' });
    return received;
  });
  useEffect(() => {
    if (!news) return;
    const timer = setTimeout(() => setNews(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [news]);

  const count = data?.me?.unreadNotificationCount ?? 0;
  return (
    <>
      <NavLink to="/account/notifications" className="nav-item bell">
        <Icon of="bell" />
        <span>{t.notifications}</span>
        {count > 0 && <span className="badge">{count}</span>}
      </NavLink>
      <div className="toasts" role="status">
        {news && (
          <div className="toast" key={news.id}>
            <strong>{news.title}</strong>
            <p>{news.body}</p>
            <Link to={news.order ? `/orders/${news.order.id}` : '/account/notifications'} onClick={() => setNews(null)}>
              {t.look}
            </Link>
            <button type="button" aria-label={t.close} onClick={() => setNews(null)}>
              <Icon of="cross" />
            </button>
          </div>
        )}
      </div>
    </>
  );
}
