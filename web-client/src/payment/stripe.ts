// As much of Stripe's software for browsers as we use. It is theirs and comes from their address, as they demand; so it is
// asked for only when somebody really pays by Stripe.
export interface Stripe {
  elements(options: { clientSecret: string; locale: string }): StripeElements;
  confirmPayment(options: {
    elements: StripeElements;
    confirmParams: { return_url: string };
    redirect: 'if_required';
  }): Promise<{ error?: { message?: string } }>;
}

export interface StripeElements {
  create(kind: 'payment'): StripeElement;
}

export interface StripeElement {
  mount(where: HTMLElement): void;
  destroy(): void;
}

type MakeStripe = (publishableKey: string) => Stripe;

declare global {
  interface Window {
    Stripe?: MakeStripe;
  }
}

export const STRIPE_SCRIPT = 'https://js.stripe.com/v3/';

let script: Promise<MakeStripe> | null = null;

/** Stripe, loaded once. A failure is forgotten, so that it can be tried again. */
export async function loadStripe(publishableKey: string): Promise<Stripe> {
  script ??= load().catch((error: unknown) => {
    script = null;
    throw error;
  });
  const make = await script;
  return make(publishableKey);
}

function load(): Promise<MakeStripe> {
  return new Promise((resolve, reject) => {
    if (window.Stripe) return resolve(window.Stripe);
    const tag = document.createElement('script');
    tag.src = STRIPE_SCRIPT;
    tag.async = true;
    tag.onload = () => (window.Stripe ? resolve(window.Stripe) : reject(new Error(`${STRIPE_SCRIPT} brought no Stripe`)));
    tag.onerror = () => {
      tag.remove();
      reject(new Error(`${STRIPE_SCRIPT} did not load`));
    };
    document.head.append(tag);
  });
}
