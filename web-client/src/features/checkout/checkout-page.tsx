import { type FormEvent, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useMutation, useQuery } from 'urql';
import { CartFragment, rememberGuestCart, useCurrentCart } from '../../api/cart';
import { useSignedIn } from '../../api/provider';
import { graphql, readFragment } from '../../gql';
import type { CartFragment as CartValue } from '../../gql/graphql';
import { useLocale } from '../../i18n/locale';
import { Field } from '../../ui/field';
import { Money } from '../../ui/money';
import { Failure, Loading, Refusals } from '../../ui/states';

const ShippingMethods = graphql(`
  query ShippingMethods($country: String!, $cartId: ID) {
    shippingMethods(country: $country, cartId: $cartId) {
      code
      title
      estimatedDays
      price {
        ...Money
      }
    }
  }
`);

const KnownRecipient = graphql(`
  query KnownRecipient {
    me {
      id
      name
      email
      phone
      addresses {
        id
        isDefault
        recipient
        phone
        line1
        line2
        city
        region
        postalCode
        country
      }
    }
  }
`);

const Checkout = graphql(`
  mutation Checkout($input: CheckoutInput!) {
    checkout(input: $input) {
      orderKey
      order {
        id
      }
      userErrors {
        code
        message
        field
        sku
        available
      }
    }
  }
`);

interface Refusal {
  message: string;
  field?: readonly string[] | null;
}

const COUNTRIES = ['RU', 'KZ', 'DE', 'US'] as const;
const TOKENS = ['ok', 'slow', 'declined', 'action_required'] as const;
const RECIPIENT = ['name', 'phone', 'email', 'line1', 'line2', 'city', 'region', 'postalCode'] as const;

export function CheckoutPage() {
  const { t } = useLocale();
  const signedIn = useSignedIn();
  const { cart: masked, fetching, error } = useCurrentCart();
  const cart = readFragment(CartFragment, masked);
  const [known] = useQuery({ query: KnownRecipient, pause: !signedIn });
  if (error && !cart) return <Failure error={error} />;
  if ((!cart && fetching) || (signedIn && known.fetching)) return <Loading />;
  if (!cart || cart.lines.length === 0) {
    return (
      <div className="state">
        <p>{t.cartEmpty}</p>
        <Link className="button quiet" to="/">
          {t.backToShop}
        </Link>
      </div>
    );
  }
  const me = known.data?.me;
  const address = me?.addresses.find((it) => it.isDefault) ?? me?.addresses[0];
  return (
    <CheckoutForm
      cart={cart}
      country={address?.country ?? 'RU'}
      known={{ ...address, name: address?.recipient ?? me?.name, phone: address?.phone ?? me?.phone, email: me?.email }}
    />
  );
}

type Known = Partial<Record<(typeof RECIPIENT)[number], string | null | undefined>>;

function CheckoutForm({ cart, country: firstCountry, known }: { cart: CartValue; country: string; known: Known }) {
  const { t } = useLocale();
  const navigate = useNavigate();
  const signedIn = useSignedIn();
  const [country, setCountry] = useState(firstCountry);
  const [chosen, choose] = useState<string | null>(null);
  const [token, setToken] = useState<string>('ok');
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const [shipping] = useQuery({ query: ShippingMethods, variables: { country, cartId: cart.id } });
  const [{ fetching }, checkout] = useMutation(Checkout);
  // One key for what is being ordered: a second click, or a retry after a lost answer, is the same order.
  const idempotency = useRef<{ key: string; body: string } | null>(null);

  const methods = shipping.data?.shippingMethods ?? [];
  const method = methods.find((it) => it.code === chosen) ?? methods[0];

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!method) return;
    const form = new FormData(event.currentTarget);
    const text = (name: (typeof RECIPIENT)[number]) => String(form.get(name) ?? '').trim();
    const input = {
      cartId: cart.id,
      shippingMethod: method.code,
      payment: { gateway: 'SANDBOX' as const, token },
      recipient: {
        name: text('name'),
        phone: text('phone'),
        email: text('email'),
        line1: text('line1'),
        line2: text('line2') || null,
        city: text('city'),
        region: text('region') || null,
        postalCode: text('postalCode'),
        country,
      },
    };
    const body = JSON.stringify([input, cart.lines.map((it) => [it.variant.sku, it.quantity])]);
    if (idempotency.current?.body !== body) idempotency.current = { key: crypto.randomUUID(), body };
    const { data, error } = await checkout({ input: { ...input, idempotencyKey: idempotency.current.key } });
    const payload = data?.checkout;
    if (payload?.order) {
      if (!signedIn) rememberGuestCart(null);
      const key = payload.orderKey ? `?key=${encodeURIComponent(payload.orderKey)}` : '';
      navigate(`/orders/${payload.order.id}${key}`, { state: { justPlaced: true }, replace: true });
    } else {
      setRefusals(payload?.userErrors ?? [{ message: error?.networkError ? t.offline : t.failed }]);
    }
  };

  const refusalOf = (field: string) => refusals.find((it) => it.field?.at(-1) === field)?.message;
  const field = (name: (typeof RECIPIENT)[number], label: string, more?: object) => (
    <Field label={label} name={name} defaultValue={known[name] ?? ''} required refusal={refusalOf(name)} {...more} />
  );
  return (
    <form className="checkout" onSubmit={submit}>
      <div className="checkout-form">
        <h1>{t.checkout}</h1>
        <fieldset>
          <legend>{t.recipient}</legend>
          <div className="pair">
            {field('name', t.name, { autoComplete: 'name' })}
            {field('phone', t.phone, { type: 'tel', autoComplete: 'tel' })}
          </div>
          {field('email', t.email, { type: 'email', autoComplete: 'email' })}
          <div className="pair">
            <div className="field">
              <label htmlFor="country">{t.country}</label>
              <select id="country" value={country} onChange={(event) => setCountry(event.target.value)}>
                {COUNTRIES.map((it) => (
                  <option key={it} value={it}>
                    {t.countries[it]}
                  </option>
                ))}
              </select>
            </div>
            {field('postalCode', t.postalCode, { autoComplete: 'postal-code' })}
          </div>
          <div className="pair">
            {field('city', t.city, { autoComplete: 'address-level2' })}
            {field('region', t.region, { autoComplete: 'address-level1', required: false })}
          </div>
          {field('line1', t.address, { autoComplete: 'address-line1' })}
          {field('line2', t.line2, { autoComplete: 'address-line2', required: false })}
        </fieldset>
        <fieldset>
          <legend>{t.delivery}</legend>
          {shipping.error && <Failure error={shipping.error} />}
          {shipping.data && methods.length === 0 && <p className="warning">{t.noShipping}</p>}
          {methods.map((it) => (
            <label key={it.code} className="choice">
              <input type="radio" name="shipping" checked={it.code === method?.code} onChange={() => choose(it.code)} />
              <span>
                {it.title} <small>{t.days(it.estimatedDays)}</small>
              </span>
              <Money of={it.price} />
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>{t.payment}</legend>
          <p className="hint">{t.sandboxHint}</p>
          {TOKENS.map((it) => (
            <label key={it} className="choice">
              <input type="radio" name="token" value={it} checked={it === token} onChange={() => setToken(it)} />
              <span>{t.sandbox[it]}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <aside className="checkout-sum">
        <ul>
          {cart.lines.map((it) => (
            <li key={it.id}>
              <span>
                {it.variant.product.title}
                {it.quantity > 1 && ` × ${it.quantity}`}
              </span>
              <Money of={it.subtotal} />
            </li>
          ))}
        </ul>
        <p>
          <span>{t.subtotal}</span>
          <Money of={cart.total} />
        </p>
        {method && (
          <p>
            <span>{t.shipping}</span>
            <Money of={method.price} />
          </p>
        )}
        <Refusals of={refusals.filter((it) => !RECIPIENT.some((name) => name === it.field?.at(-1)))} />
        <button type="submit" className="button primary" disabled={fetching || !method}>
          {fetching ? t.placing : t.placeOrder}
        </button>
      </aside>
    </form>
  );
}
