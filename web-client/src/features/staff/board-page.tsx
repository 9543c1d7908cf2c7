// The staff's board: orders with the next step as a button, new ones arriving by themselves.
import { useState } from 'react';
import { Link, Navigate } from 'react-router';
import { useMutation, useQuery, useSubscription } from 'urql';
import { useSignedIn } from '../../api/provider';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { OrderStatus } from '../../gql/graphql';
import { formatDateTime } from '../../i18n/date';
import { useLocale } from '../../i18n/locale';
import { Money } from '../../ui/money';
import { Failure, Loading, Refusals } from '../../ui/states';

const BoardRowFragment = graphql(`
  fragment BoardRow on Order {
    id
    number
    status
    placedAt
    recipient {
      name
      city
    }
    shippingMethod {
      code
      title
    }
    total {
      ...Money
    }
    lines {
      sku
      title
      quantity
    }
  }
`);

const Board = graphql(`
  query Board($status: OrderStatus, $search: String, $after: String) {
    me {
      id
      roles
    }
    orders(status: $status, search: $search, first: 30, after: $after) {
      totalCount
      nodes {
        id
        ...BoardRow
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const NewOrders = graphql(`
  subscription NewOrders {
    newOrders {
      id
      number
    }
  }
`);

const STATUSES: readonly OrderStatus[] = ['PAID', 'ASSEMBLED', 'HANDED_TO_DELIVERY', 'DELIVERED', 'PENDING_PAYMENT', 'PAYMENT_FAILED', 'CANCELLED', 'REFUNDED'];

export function BoardPage() {
  const { t } = useLocale();
  const signedIn = useSignedIn();
  const [status, setStatus] = useState<OrderStatus | null>(null);
  const [search, setSearch] = useState('');
  const [{ data, error, fetching }, refresh] = useQuery({
    query: Board,
    variables: { status, search: search.trim() || null },
    pause: !signedIn,
    requestPolicy: 'cache-and-network',
  });
  // A new order is a reason to read the list again, which knows the filter and the order of its rows.
  useSubscription({ query: NewOrders, pause: !signedIn || !data }, (_, order) => {
    refresh({ requestPolicy: 'network-only' });
    return order;
  });
  if (!signedIn) return <Navigate to="/sign-in?back=/staff" replace />;
  if (error && !data) {
    const forbidden = error.graphQLErrors.some((it) => it.extensions.code === 'UNAUTHORIZED_FIELD_OR_TYPE' || it.extensions.code === 'FORBIDDEN');
    return forbidden ? <p className="state">{t.staffOnly}</p> : <Failure error={error} onRetry={() => refresh({ requestPolicy: 'network-only' })} />;
  }
  if (!data) return <Loading />;
  return (
    <section className="board">
      <div className="board-head">
        <h1>
          {t.board} <small>{data.orders.totalCount}</small>
        </h1>
        <input type="search" aria-label={t.search} placeholder={t.search} value={search} onChange={(event) => setSearch(event.target.value)} />
        <select aria-label={t.sort} value={status ?? ''} onChange={(event) => setStatus(STATUSES.find((it) => it === event.target.value) ?? null)}>
          <option value="">{t.allStatuses}</option>
          {STATUSES.map((it) => (
            <option key={it} value={it}>
              {t.statuses[it]}
            </option>
          ))}
        </select>
      </div>
      {data.orders.nodes.length === 0 && <p className="state">{t.nothingFound}</p>}
      <ul className={fetching ? 'board-rows stale' : 'board-rows'}>
        {data.orders.nodes.map((it) => (
          <BoardRow key={it.id} order={it} />
        ))}
      </ul>
    </section>
  );
}

const Assemble = graphql(`
  mutation Assemble($input: OrderIdInput!) {
    assembleOrder(input: $input) {
      order {
        ...BoardRow
      }
      userErrors {
        message
      }
    }
  }
`);

const HandOver = graphql(`
  mutation HandOver($input: HandOrderToDeliveryInput!) {
    handOrderToDelivery(input: $input) {
      order {
        ...BoardRow
      }
      userErrors {
        message
      }
    }
  }
`);

const Deliver = graphql(`
  mutation Deliver($input: OrderIdInput!) {
    deliverOrder(input: $input) {
      order {
        ...BoardRow
      }
      userErrors {
        message
      }
    }
  }
`);

function BoardRow({ order: masked }: { order: FragmentType<typeof BoardRowFragment> }) {
  const { t, locale } = useLocale();
  const order = readFragment(BoardRowFragment, masked);
  const [refusals, setRefusals] = useState<readonly { message: string }[]>([]);
  const [tracking, setTracking] = useState('');
  const [assembling, assemble] = useMutation(Assemble);
  const [handing, handOver] = useMutation(HandOver);
  const [delivering, deliver] = useMutation(Deliver);
  const orderId = order.id;
  const settle = (payload: { userErrors: readonly { message: string }[] } | undefined) =>
    setRefusals(payload?.userErrors ?? [{ message: t.failed }]);
  const next = async () => {
    if (order.status === 'PAID') settle((await assemble({ input: { orderId } })).data?.assembleOrder);
    if (order.status === 'ASSEMBLED') settle((await handOver({ input: { orderId, trackingNumber: tracking } })).data?.handOrderToDelivery);
    if (order.status === 'HANDED_TO_DELIVERY') settle((await deliver({ input: { orderId } })).data?.deliverOrder);
  };
  return (
    <li className="board-row" data-order={order.number}>
      <div>
        <Link to={`/orders/${order.id}`}>
          <strong>{order.number}</strong>
        </Link>
        <small>{formatDateTime(order.placedAt, locale)}</small>
      </div>
      <div>
        {order.recipient.name}
        <small>
          {order.recipient.city}, {order.shippingMethod.title}
        </small>
      </div>
      <div className="board-lines">
        {order.lines.map((it) => (
          <small key={it.sku}>
            {it.title} × {it.quantity}
          </small>
        ))}
      </div>
      <div>
        <span className={`status ${order.status}`}>{t.statuses[order.status]}</span>
        <Money of={order.total} />
      </div>
      <div className="board-step">
        {order.status === 'ASSEMBLED' && (
          <input aria-label={t.trackingPrompt} placeholder={t.trackingPrompt} value={tracking} onChange={(event) => setTracking(event.target.value)} />
        )}
        {t.steps[order.status] && (
          <button type="button" className="button primary" disabled={assembling.fetching || handing.fetching || delivering.fetching} onClick={() => void next()}>
            {t.steps[order.status]}
          </button>
        )}
        <Refusals of={refusals} />
      </div>
    </li>
  );
}
