import { Link } from 'react-router';
import { useQuery } from 'urql';
import { CartFragment, useCurrentCart } from '../../api/cart';
import { useSignedIn } from '../../api/provider';
import { graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Empty, Failure, Loading } from '../../ui/states';
import { Title } from '../../ui/title';
import { CheckoutForm } from './checkout-form';
import './checkout.css';

const WaysToPay = graphql(`
  query WaysToPay {
    paymentGateways {
      gateway
      ...PaymentChoice
    }
  }
`);

const KnownRecipient = graphql(`
  query KnownRecipient {
    me {
      id
      ...KnownRecipient
    }
  }
`);

export function CheckoutPage() {
  const { t } = useLocale();
  const signedIn = useSignedIn();
  const { cart: masked, fetching, error, retry } = useCurrentCart();
  const cart = readFragment(CartFragment, masked);
  const [known] = useQuery({ query: KnownRecipient, pause: !signedIn });
  const [ways, askWays] = useQuery({ query: WaysToPay });
  if (error && !cart) return <Failure error={error} onRetry={retry} />;
  if (ways.error) return <Failure error={ways.error} onRetry={() => askWays({ requestPolicy: 'network-only' })} />;
  if ((!cart && fetching) || !ways.data || (signedIn && known.fetching)) return <Loading />;
  return (
    <>
      <Title of={t.checkout} />
      {!cart || cart.lines.length === 0 ? (
        <Empty isPage title={t.cartEmpty} hint={t.cartEmptyHint}>
          <Link className="button primary" to="/">
            {t.backToShop}
          </Link>
        </Empty>
      ) : (
        <CheckoutForm cart={cart} gateways={ways.data.paymentGateways} person={known.data?.me ?? null} />
      )}
    </>
  );
}
