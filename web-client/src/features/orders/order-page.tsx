// An order that is followed live: the query paints it, the subscription keeps it true.
import { useState } from 'react';
import { Link, useLocation, useParams, useSearchParams } from 'react-router';
import { useMutation, useQuery, useSubscription } from 'urql';
import { useApi } from '../../api/provider';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { formatDateTime } from '../../i18n/date';
import { Money } from '../../ui/money';
import { NotFound } from '../../ui/not-found';
import { Picture } from '../../ui/picture';
import { Failure, Loading, Refusals } from '../../ui/states';
import { Timeline } from './timeline';

const OrderFragment = graphql(`
  fragment Order on Order {
    id
    number
    status
    placedAt
    trackingNumber
    ...Timeline
    subtotal {
      ...Money
    }
    shipping {
      ...Money
    }
    total {
      ...Money
    }
    shippingMethod {
      code
      title
      estimatedDays
    }
    recipient {
      name
      phone
      email
      line1
      line2
      city
      region
      postalCode
      country
    }
    lines {
      sku
      title
      quantity
      subtotal {
        ...Money
      }
      variant {
        sku
        product {
          id
          slug
          images {
            ...Picture
          }
        }
      }
    }
    payment {
      id
      status
      failureMessage
      redirectUrl
      refundedAmount {
        amount
        ...Money
      }
    }
  }
`);

const OrderQuery = graphql(`
  query Order($id: ID!, $orderKey: String) {
    order(id: $id, orderKey: $orderKey) {
      ...Order
    }
  }
`);

const OrderUpdated = graphql(`
  subscription OrderUpdated($id: ID!, $orderKey: String) {
    orderUpdated(id: $id, orderKey: $orderKey) {
      ...Order
    }
  }
`);

const Cancel = graphql(`
  mutation Cancel($input: CancelOrderInput!) {
    cancelOrder(input: $input) {
      order {
        ...Order
      }
      userErrors {
        message
      }
    }
  }
`);

const Retry = graphql(`
  mutation Retry($input: RetryPaymentInput!) {
    retryPayment(input: $input) {
      order {
        ...Order
      }
      userErrors {
        message
      }
    }
  }
`);

export function OrderPage() {
  const { id = '' } = useParams();
  const [params] = useSearchParams();
  const orderKey = params.get('key');
  const { t } = useLocale();
  const variables = { id, orderKey };
  const [{ data, error, fetching }, retry] = useQuery({ query: OrderQuery, variables, requestPolicy: 'cache-and-network' });
  const [{ data: live }] = useSubscription({ query: OrderUpdated, variables, pause: !data?.order });
  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (!data && fetching) return <Loading />;
  const order = live?.orderUpdated ?? data?.order;
  if (!order) return <NotFound />;
  return <OrderView key={id} order={order} orderKey={orderKey} text={t} />;
}

interface OrderViewProps {
  order: FragmentType<typeof OrderFragment>;
  orderKey: string | null;
  text: ReturnType<typeof useLocale>['t'];
}

function OrderView({ order: masked, orderKey, text: t }: OrderViewProps) {
  const order = readFragment(OrderFragment, masked);
  const { locale } = useLocale();
  const { connection } = useApi();
  const justPlaced = (useLocation().state as { justPlaced?: boolean } | null)?.justPlaced === true;
  const { recipient: to, payment } = order;
  return (
    <section className="order">
      <div className="order-head">
        <h1>
          {t.order} {order.number}
        </h1>
        <span className={`status ${order.status}`} data-testid="order-status">
          {t.statuses[order.status]}
        </span>
        <small className={`connection ${connection}`}>{connection === 'live' ? t.live : t.reconnecting}</small>
      </div>
      {justPlaced && <p className="thanks">{t.orderThanks}</p>}
      <Timeline of={order} />
      <Actions orderId={order.id} status={order.status} orderKey={orderKey} payment={payment ?? null} />
      <div className="order-parts">
        <div>
          <ul className="order-lines">
            {order.lines.map((it) => (
              <li key={it.sku}>
                <Picture of={it.variant?.product.images[0]} />
                <span>
                  {it.variant ? <Link to={`/products/${it.variant.product.slug}?sku=${encodeURIComponent(it.sku)}`}>{it.title}</Link> : it.title}
                  <small>× {it.quantity}</small>
                </span>
                <Money of={it.subtotal} />
              </li>
            ))}
          </ul>
          <p className="sum">
            <span>{t.subtotal}</span>
            <Money of={order.subtotal} />
          </p>
          <p className="sum">
            <span>{t.shipping}</span>
            <Money of={order.shipping} />
          </p>
          <p className="sum total">
            <span>{t.total}</span>
            <Money of={order.total} />
          </p>
          {payment && Number(payment.refundedAmount.amount) > 0 && (
            <p className="sum">
              <span>{t.refunded}</span>
              <Money of={payment.refundedAmount} />
            </p>
          )}
        </div>
        <dl className="order-facts">
          <dt>{t.placedAt}</dt>
          <dd>{formatDateTime(order.placedAt, locale)}</dd>
          <dt>{t.delivery}</dt>
          <dd>
            {order.shippingMethod.title}, {t.days(order.shippingMethod.estimatedDays)}
          </dd>
          {order.trackingNumber && (
            <>
              <dt>{t.tracking}</dt>
              <dd>{order.trackingNumber}</dd>
            </>
          )}
          <dt>{t.recipient}</dt>
          <dd>
            {to.name}
            <br />
            {to.phone}
            <br />
            {to.email}
          </dd>
          <dt>{t.address}</dt>
          <dd>{[to.postalCode, t.countries[to.country] ?? to.country, to.region, to.city, to.line1, to.line2].filter(Boolean).join(', ')}</dd>
        </dl>
      </div>
    </section>
  );
}

interface ActionsProps {
  orderId: string;
  status: string;
  orderKey: string | null;
  payment: { status: string; failureMessage?: string | null; redirectUrl?: string | null } | null;
}

function Actions({ orderId, status, orderKey, payment }: ActionsProps) {
  const { t } = useLocale();
  const [refusals, setRefusals] = useState<readonly { message: string }[]>([]);
  const [cancelling, cancel] = useMutation(Cancel);
  const [retrying, retry] = useMutation(Retry);
  const settle = (payload: { userErrors: readonly { message: string }[] } | undefined) =>
    setRefusals(payload?.userErrors ?? [{ message: t.failed }]);
  const waitsForAction = status === 'PENDING_PAYMENT' && payment?.status === 'ACTION_REQUIRED';
  const failed = status === 'PAYMENT_FAILED';
  const mayCancel = status === 'PENDING_PAYMENT' || failed || status === 'PAID';
  return (
    <div className="actions">
      {failed && (
        <p className="warning">
          {t.paymentFailed} {payment?.status === 'FAILED' && payment.failureMessage}
        </p>
      )}
      {waitsForAction && payment?.redirectUrl && (
        <a className="button primary" href={payment.redirectUrl}>
          {t.confirmPayment}
        </a>
      )}
      {failed && (
        <button
          type="button"
          className="button primary"
          disabled={retrying.fetching}
          onClick={async () => {
            const input = { orderId, orderKey, payment: { gateway: 'SANDBOX' as const, token: 'ok' }, idempotencyKey: crypto.randomUUID() };
            settle((await retry({ input })).data?.retryPayment);
          }}
        >
          {t.payAgain}
        </button>
      )}
      {mayCancel && (
        <button
          type="button"
          className="button quiet"
          disabled={cancelling.fetching}
          onClick={async () => settle((await cancel({ input: { orderId, orderKey } })).data?.cancelOrder)}
        >
          {t.cancelOrder}
        </button>
      )}
      <Refusals of={refusals} />
    </div>
  );
}
