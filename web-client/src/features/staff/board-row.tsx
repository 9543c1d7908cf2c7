import { type ComponentProps, type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import { useMutation, useSubscription } from 'urql';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { OrderStatus } from '../../gql/graphql';
import { formatDateTime } from '../../i18n/date';
import { useLocale } from '../../i18n/locale';
import { Money } from '../../ui/money';
import { useOutcome } from '../../ui/outcome';
import { Refusals } from '../../ui/states';
import { Flag } from './flag';

const BoardRowFragment = graphql(`
  fragment BoardRow on Order {
    id
    number
    status
    placedAt
    trackingNumber
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

const BoardRowUpdated = graphql(`
  subscription BoardRowUpdated($id: ID!) {
    orderUpdated(id: $id) {
      ...BoardRow
    }
  }
`);

/** After these nothing comes any more. */
const FINAL: readonly OrderStatus[] = ['DELIVERED', 'CANCELLED', 'REFUNDED'];

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

interface BoardRowProps {
  id: string;
  order: FragmentType<typeof BoardRowFragment>;
  flag: ComponentProps<typeof Flag>['of'];
}

/** An order on the board. It is followed, since others act on it, too: the shopper pays or calls off, a colleague packs. */
export function BoardRow({ id, order: listed, flag }: BoardRowProps) {
  const { t, locale } = useLocale();
  const pause = FINAL.includes(readFragment(BoardRowFragment, listed).status);
  const [{ data }] = useSubscription({ query: BoardRowUpdated, variables: { id }, pause });
  const order = readFragment(BoardRowFragment, data?.orderUpdated ?? listed);
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
      <ul className="board-lines">
        {order.lines.map((it) => (
          <li key={it.sku}>
            {it.title} × {it.quantity}
          </li>
        ))}
      </ul>
      <div className="board-state">
        <span className={`status ${order.status}`}>{t.statuses[order.status]}</span>
        <Money of={order.total} />
        {order.trackingNumber && <small>{order.trackingNumber}</small>}
      </div>
      <NextStep orderId={order.id} number={order.number} status={order.status} />
      {/* A flag is no step, so that nobody is told of it: the list is what knows. */}
      <Flag of={flag} status={order.status} />
    </li>
  );
}

function NextStep({ orderId, number, status }: { orderId: string; number: string; status: string }) {
  const { t } = useLocale();
  const { refusals, settle } = useOutcome();
  const [tracking, setTracking] = useState('');
  const [assembling, assemble] = useMutation(Assemble);
  const [handing, handOver] = useMutation(HandOver);
  const [delivering, deliver] = useMutation(Deliver);
  const step = t.steps[status];
  if (!step) return <div className="board-step" />;
  const next = async (event: FormEvent) => {
    event.preventDefault();
    if (status === 'PAID') {
      const { data, error } = await assemble({ input: { orderId } });
      settle(data?.assembleOrder, error);
    } else if (status === 'ASSEMBLED') {
      const { data, error } = await handOver({ input: { orderId, trackingNumber: tracking.trim() } });
      settle(data?.handOrderToDelivery, error);
    } else {
      const { data, error } = await deliver({ input: { orderId } });
      settle(data?.deliverOrder, error);
    }
  };
  return (
    <form className="board-step" onSubmit={next}>
      {status === 'ASSEMBLED' && (
        <input
          aria-label={`${t.trackingPrompt}, ${number}`}
          placeholder={t.trackingPrompt}
          autoComplete="off"
          required
          value={tracking}
          onChange={(event) => setTracking(event.target.value)}
        />
      )}
      <button type="submit" className="button primary small" disabled={assembling.fetching || handing.fetching || delivering.fetching}>
        {step}
      </button>
      <Refusals of={refusals} />
    </form>
  );
}
