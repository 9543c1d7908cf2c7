import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useLocale } from '../i18n/locale';
import { Refusals } from '../ui/states';
import { loadStripe, type Stripe, type StripeElements } from './stripe';

interface StripeFormProps {
  publishableKey: string;
  clientSecret: string;
  /** Where a bank that wants more sends the shopper back to. */
  returnUrl: string;
}

/** Stripe's own fields: the number of a card never comes near us. What becomes of the payment, the order will tell. */
export function StripeForm({ publishableKey, clientSecret, returnUrl }: StripeFormProps) {
  const { t, locale } = useLocale();
  const place = useRef<HTMLDivElement>(null);
  const [ready, setReady] = useState<{ stripe: Stripe; elements: StripeElements } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [paying, setPaying] = useState(false);
  const [paid, setPaid] = useState(false);

  useEffect(() => {
    let gone = false;
    let unmount = () => {};
    loadStripe(publishableKey).then(
      (stripe) => {
        if (gone || !place.current) return;
        const elements = stripe.elements({ clientSecret, locale });
        const element = elements.create('payment');
        element.mount(place.current);
        unmount = () => element.destroy();
        setReady({ stripe, elements });
      },
      () => !gone && setProblem(t.pay.stripeUnreachable),
    );
    return () => {
      gone = true;
      unmount();
    };
  }, [publishableKey, clientSecret, locale, t]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    setPaying(true);
    setProblem(null);
    const { error } = await ready.stripe.confirmPayment({
      elements: ready.elements,
      confirmParams: { return_url: returnUrl },
      redirect: 'if_required',
    });
    setPaying(false);
    if (error) setProblem(error.message ?? t.failed);
    else setPaid(true);
  };
  if (paid) return <p role="status">{t.pay.beingProcessed}</p>;
  return (
    <form className="form stripe" onSubmit={submit}>
      <div ref={place} />
      {problem && <Refusals of={[{ message: problem }]} />}
      <button type="submit" className="button primary" disabled={!ready || paying}>
        {t.pay.now}
      </button>
    </form>
  );
}
