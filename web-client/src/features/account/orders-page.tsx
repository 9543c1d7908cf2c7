import { Link, Navigate } from 'react-router';
import { useQuery } from 'urql';
import { useSignedIn } from '../../api/provider';
import { graphql } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { formatDateTime } from '../../i18n/date';
import { Money } from '../../ui/money';
import { Failure, Loading } from '../../ui/states';

const MyOrders = graphql(`
  query MyOrders {
    me {
      id
      orders(first: 50) {
        nodes {
          id
          number
          status
          placedAt
          total {
            ...Money
          }
        }
      }
    }
  }
`);

export function OrdersPage() {
  const { t, locale } = useLocale();
  const signedIn = useSignedIn();
  const [{ data, error }, retry] = useQuery({ query: MyOrders, pause: !signedIn, requestPolicy: 'cache-and-network' });
  if (!signedIn) return <Navigate to="/sign-in?back=/account/orders" replace />;
  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (!data) return <Loading />;
  const orders = data.me?.orders.nodes ?? [];
  return (
    <section className="narrow wide">
      <h1>{t.myOrders}</h1>
      {orders.length === 0 && <p className="state">{t.noOrders}</p>}
      <ul className="rows">
        {orders.map((it) => (
          <li key={it.id}>
            <Link to={`/orders/${it.id}`}>
              <strong>{it.number}</strong>
              <span>{formatDateTime(it.placedAt, locale)}</span>
              <span className={`status ${it.status}`}>{t.statuses[it.status]}</span>
              <Money of={it.total} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
