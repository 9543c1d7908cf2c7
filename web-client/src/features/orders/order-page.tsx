// An order that is followed live: the query paints it, the subscription keeps it true.
import { Link, useParams, useSearchParams } from 'react-router';
import { useQuery, useSubscription } from 'urql';
import { useSignedIn } from '../../api/provider';
import { graphql } from '../../gql';
import { NotFound } from '../../ui/not-found';
import { useLocale } from '../../i18n/locale';
import { Empty, Failure, Loading } from '../../ui/states';
import { Title } from '../../ui/title';
import { OrderView } from './order-view';
import { useRefund } from './refund';
import './orders.css';

const OrderQuery = graphql(`
  query Order($id: ID!, $orderKey: String) {
    order(id: $id, orderKey: $orderKey) {
      ...Order
      ...Refunding
    }
  }
`);

const OrderUpdated = graphql(`
  subscription OrderUpdated($id: ID!, $orderKey: String) {
    orderUpdated(id: $id, orderKey: $orderKey) {
      ...Order
      ...Refunding
    }
  }
`);

export function OrderPage() {
  const { id = '' } = useParams();
  const { t } = useLocale();
  const signedIn = useSignedIn();
  const [params] = useSearchParams();
  const orderKey = params.get('key');
  const variables = { id, orderKey };
  const [{ data, error, fetching }, retry] = useQuery({ query: OrderQuery, variables, requestPolicy: 'cache-and-network' });
  const [{ data: live }] = useSubscription({ query: OrderUpdated, variables, pause: !data?.order });
  const told = live?.orderUpdated ?? data?.order;
  const refunded = useRefund(told ?? null, data?.order ?? null, retry);
  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (!data && fetching) return <Loading />;
  const order = refunded ?? told;
  if (!order) return signedIn ? <NotFound text={t.noSuchOrder} /> : <SignInToSee path={`/orders/${id}`} />;
  return <OrderView key={id} order={order} orderKey={orderKey} />;
}

/** A letter leads here from any browser, also from one that doesn't know whose the order is. */
function SignInToSee({ path }: { path: string }) {
  const { t } = useLocale();
  return (
    <>
      <Title of={t.order} />
      <Empty isPage title={t.whoseOrder} hint={t.whoseOrderHint}>
        <Link className="button primary" to={`/sign-in?back=${encodeURIComponent(path)}`}>
          {t.signIn}
        </Link>
      </Empty>
    </>
  );
}
