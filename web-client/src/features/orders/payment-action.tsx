// A payment that wants something of the shopper: the bank's own page, or Stripe's fields here.
import { useEffect } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { StripeForm } from '../../payment/stripe-form';
import { safeRedirect } from './safe-redirect';

const PaymentActionFragment = graphql(`
  fragment PaymentAction on Payment {
    id
    gateway
    redirectUrl
    clientSecret
  }
`);

const StripeKey = graphql(`
  query StripeKey {
    paymentGateways {
      gateway
      publishableKey
    }
  }
`);

interface PaymentActionProps {
  of: FragmentType<typeof PaymentActionFragment>;
  /** Whether the bank's page is opened by itself. */
  follows: boolean;
}

export function PaymentAction({ of, follows }: PaymentActionProps) {
  const { t } = useLocale();
  const { gateway, redirectUrl, clientSecret } = readFragment(PaymentActionFragment, of);
  const target = safeRedirect(redirectUrl, location.href);
  const usesStripe = gateway === 'STRIPE' && clientSecret != null && !target;
  const [{ data }] = useQuery({ query: StripeKey, pause: !usesStripe });
  useFollowing(follows ? target : null);
  const publishableKey = data?.paymentGateways.find((it) => it.gateway === 'STRIPE')?.publishableKey;
  if (target) {
    return (
      <>
        <p className="hint">{follows ? t.pay.goingToBank : t.pay.bankWaits}</p>
        <a className="button primary" href={target}>
          {t.pay.confirm[gateway]}
        </a>
      </>
    );
  }
  if (usesStripe && publishableKey) return <StripeForm key={clientSecret} publishableKey={publishableKey} clientSecret={clientSecret} returnUrl={location.href} />;
  return <p className="hint">{t.pay.beingProcessed}</p>;
}

/** Goes there once. What said "at once" is wiped from the history first, so that going back shows the order and stays. */
function useFollowing(target: string | null) {
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  useEffect(() => {
    if (!target) return;
    void navigate({ pathname, search }, { replace: true, state: null });
    location.assign(target);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once for each target
  }, [target]);
}
