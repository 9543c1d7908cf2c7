import { useState } from 'react';
import { Link } from 'react-router';
import { useQuery, useSubscription } from 'urql';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { formatDateTime } from '../../i18n/date';
import { useLocale } from '../../i18n/locale';
import { Money } from '../../ui/money';
import { VariantPicture } from '../../ui/picture';
import { Empty, Failure, Loading } from '../../ui/states';
import { Title } from '../../ui/title';

const OrderRowFragment = graphql(`
  fragment OrderRow on Order {
    id
    number
    status
    placedAt
    total {
      ...Money
    }
    lines {
      sku
      title
      quantity
      variant {
        sku
        product {
          id
          images {
            ...Picture
          }
        }
      }
    }
  }
`);

const MyOrders = graphql(`
  query MyOrders($first: Int!) {
    me {
      id
      orders(first: $first) {
        nodes {
          id
          ...OrderRow
        }
        pageInfo {
          hasNextPage
        }
      }
    }
  }
`);

const MyOrdersUpdated = graphql(`
  subscription MyOrdersUpdated {
    myOrdersUpdated {
      id
      status
    }
  }
`);

const PAGE = 20;
/** What the shop gives at once. */
const MOST = 100;

export function OrdersPage() {
  const { t } = useLocale();
  const [first, setFirst] = useState(PAGE);
  const [{ data, error, fetching }, retry] = useQuery({
    query: MyOrders,
    variables: { first },
    requestPolicy: 'cache-and-network',
  });
  useSubscription({ query: MyOrdersUpdated }, (_, updated) => {
    retry({ requestPolicy: 'network-only' });
    return updated;
  });
  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (!data) return <Loading />;
  const orders = data.me?.orders.nodes ?? [];
  return (
    <section>
      <Title of={t.myOrders} />
      <h1>{t.myOrders}</h1>
      {orders.length === 0 ? (
        <Empty title={t.noOrders} hint={t.noOrdersHint}>
          <Link className="button primary" to="/">
            {t.backToShop}
          </Link>
        </Empty>
      ) : (
        <ul className="rows panel">
          {orders.map((it) => (
            <OrderRow key={it.id} order={it} />
          ))}
        </ul>
      )}
      {data.me?.orders.pageInfo.hasNextPage && first < MOST && (
        <p className="more">
          <button type="button" className="button" disabled={fetching} onClick={() => setFirst(Math.min(first + PAGE, MOST))}>
            {t.more}
          </button>
        </p>
      )}
    </section>
  );
}

const PICTURES = 4;

function OrderRow({ order: masked }: { order: FragmentType<typeof OrderRowFragment> }) {
  const { t, locale } = useLocale();
  const order = readFragment(OrderRowFragment, masked);
  const goods = order.lines.map((it) => (it.quantity > 1 ? `${it.title} × ${it.quantity}` : it.title)).join(', ');
  return (
    <li>
      <Link to={`/orders/${order.id}`} className="order-row">
        <span>
          <strong>{order.number}</strong>
          <small>{formatDateTime(order.placedAt, locale)}</small>
        </span>
        <span className="order-row-pictures" title={goods}>
          {order.lines.slice(0, PICTURES).map((it) => (
            <VariantPicture key={it.sku} of={it.variant?.product.images ?? []} variant={it.title} />
          ))}
          {order.lines.length > PICTURES && <small>+{order.lines.length - PICTURES}</small>}
        </span>
        <span className={`status ${order.status}`}>{t.statuses[order.status]}</span>
        <strong>
          <Money of={order.total} />
        </strong>
      </Link>
    </li>
  );
}
