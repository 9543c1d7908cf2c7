import { Link, useLocation } from 'react-router';
import { countryName } from '../../address/countries';
import { useApi, useSignedIn } from '../../api/provider';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { formatDateTime } from '../../i18n/date';
import { useLocale } from '../../i18n/locale';
import { Money, Price } from '../../ui/money';
import { VariantPicture } from '../../ui/picture';
import { Title } from '../../ui/title';
import { OrderActions } from './order-actions';
import { Timeline } from './timeline';

const OrderFragment = graphql(`
  fragment Order on Order {
    id
    number
    status
    placedAt
    trackingNumber
    ...Timeline
    ...OrderActions
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
      refundedAmount {
        amount
        ...Money
      }
    }
  }
`);

interface OrderViewProps {
  order: FragmentType<typeof OrderFragment>;
  orderKey: string | null;
}

export function OrderView({ order: masked, orderKey }: OrderViewProps) {
  const order = readFragment(OrderFragment, masked);
  const { t, locale } = useLocale();
  const { connection } = useApi();
  const signedIn = useSignedIn();
  const justPlaced = (useLocation().state as { justPlaced?: boolean } | null)?.justPlaced === true;
  const { recipient: to, payment } = order;
  const isLive = connection === 'live';
  return (
    <section className="order">
      <Title of={`${t.order} ${order.number}`} />
      {signedIn && (
        <p className="crumbs">
          <Link to="/account/orders">{t.myOrders}</Link>
        </p>
      )}
      <div className="order-head">
        <h1>
          {t.order} {order.number}
        </h1>
        <span className={`status ${order.status}`} data-testid="order-status" aria-live="polite">
          {t.statuses[order.status]}
        </span>
        <small className={isLive ? 'connection live' : 'connection'}>{isLive ? t.live : t.reconnecting}</small>
      </div>
      {justPlaced && <p className="notice thanks">{orderKey ? t.orderThanksGuest : t.orderThanks}</p>}
      <div className="panel">
        <Timeline of={order} />
        <OrderActions of={order} orderKey={orderKey} mayFollow={justPlaced} />
      </div>
      <div className="order-parts">
        <div className="panel">
          <h2>{t.goods}</h2>
          <ul className="order-lines">
            {order.lines.map((it) => (
              <li key={it.sku}>
                <VariantPicture of={it.variant?.product.images ?? []} variant={it.title} />
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
            <Price of={order.shipping} />
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
        <div className="panel">
          <h2>{t.details}</h2>
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
            <dd>{[to.postalCode, countryName(to.country, locale), to.region, to.city, to.line1, to.line2].filter(Boolean).join(', ')}</dd>
          </dl>
        </div>
      </div>
    </section>
  );
}
