import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useMutation } from 'urql';
import { ADDRESS_FIELDS, FIRST_COUNTRY, readAddress } from '../../address/address-fields';
import { rememberGuestCart } from '../../api/cart';
import { useSignedIn } from '../../api/provider';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { CartFragment as CartValue } from '../../gql/graphql';
import { useLocale } from '../../i18n/locale';
import { IdempotencyKey } from '../../payment/idempotency-key';
import { firstWay, PaymentChoice, type PaymentChoiceFragment } from '../../payment/payment-choice';
import { Money, Price } from '../../ui/money';
import { useOutcome } from '../../ui/outcome';
import { VariantPicture } from '../../ui/picture';
import { Refusals } from '../../ui/states';

import { KnownRecipientFragment, Recipient } from './recipient';
import { Shipping, useShipping } from './shipping';
import { Total } from './total';

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

const KeepAddress = graphql(`
  mutation KeepAddress($input: SaveAddressInput!) {
    saveAddress(input: $input) {
      user {
        id
        addresses {
          id
        }
      }
      userErrors {
        code
      }
    }
  }
`);

interface CheckoutFormProps {
  cart: CartValue;
  gateways: readonly FragmentType<typeof PaymentChoiceFragment>[];
  person: FragmentType<typeof KnownRecipientFragment> | null;
}

export function CheckoutForm({ cart, gateways, person: masked }: CheckoutFormProps) {
  const { t } = useLocale();
  const navigate = useNavigate();
  const signedIn = useSignedIn();
  const person = readFragment(KnownRecipientFragment, masked);
  const [address, chooseAddress] = useState(() => person?.addresses.find((it) => it.isDefault) ?? person?.addresses[0] ?? null);
  const [country, setCountry] = useState(address?.country ?? FIRST_COUNTRY);
  const [payment, choosePayment] = useState(() => firstWay(gateways));
  const shipping = useShipping(country, cart.id);
  const [{ fetching }, checkout] = useMutation(Checkout);
  const [, keepAddress] = useMutation(KeepAddress);
  const { refusals, settle, refusalOf, others } = useOutcome();
  // One key for what is being ordered: a second click, or a retry after a lost answer, is the same order.
  const idempotency = useRef(new IdempotencyKey());
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (refusals.length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refusals]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!shipping.method || !payment) return;
    const typed = new FormData(event.currentTarget);
    const { recipient: name, ...place } = address ?? readAddress(typed);
    const recipient = {
      name,
      email: String(typed.get('email') ?? '').trim(),
      phone: place.phone,
      line1: place.line1,
      line2: place.line2 ?? null,
      city: place.city,
      region: place.region ?? null,
      postalCode: place.postalCode,
      country: place.country,
    };
    const order = { cartId: cart.id, shippingMethod: shipping.method.code, payment, recipient };
    const goods = cart.lines.map((it) => [it.variant.sku, it.quantity]);
    const input = { ...order, idempotencyKey: idempotency.current.of([order, goods]) };
    const { data, error } = await checkout({ input }, { additionalTypenames: ['Cart', 'Variant', 'Order'] });
    const payload = data?.checkout;
    if (!settle(payload, error) || !payload?.order) return;
    // Beside the order, which is placed: an address that can't be kept is no reason to stop.
    if (!address && typed.get('keepAddress') !== null) void keepAddress({ input: { ...readAddress(typed), isDefault: person?.addresses.length === 0 } });
    if (!signedIn) rememberGuestCart(null);
    const key = payload.orderKey ? `?key=${encodeURIComponent(payload.orderKey)}` : '';
    navigate(`/orders/${payload.order.id}${key}`, { state: { justPlaced: true }, replace: true });
  };

  return (
    <form className="checkout" onSubmit={submit} ref={form}>
      <div className="checkout-form">
        <h1>{t.checkout}</h1>
        {!signedIn && (
          <p className="hint">
            {t.asGuest} <Link to="/sign-in?back=/checkout">{t.signIn}</Link>
          </p>
        )}
        <Recipient
          person={masked}
          chosen={address}
          refusalOf={refusalOf}
          onChoose={(it) => {
            chooseAddress(it);
            setCountry(it?.country ?? FIRST_COUNTRY);
          }}
          onCountry={setCountry}
        />
        <Shipping of={shipping} />
        <fieldset className="panel">
          <legend>{t.payment}</legend>
          <PaymentChoice gateways={gateways} chosen={payment} onChoose={choosePayment} />
        </fieldset>
      </div>
      <aside className="checkout-sum panel" aria-label={t.yourOrder}>
        <h2>{t.yourOrder}</h2>
        <ul>
          {cart.lines.map((it) => (
            <li key={it.id}>
              <VariantPicture of={it.variant.product.images} variant={it.variant.title} />
              <span>
                {it.variant.product.title}
                <small>
                  {it.variant.title !== it.variant.product.title && `${it.variant.title} `}
                  {it.quantity > 1 && `× ${it.quantity}`}
                </small>
              </span>
              <Money of={it.subtotal} />
            </li>
          ))}
        </ul>
        <p className="sum">
          <span>{t.subtotal}</span>
          <Money of={cart.total} />
        </p>
        {shipping.method && (
          <>
            <p className="sum">
              <span>{t.shipping}</span>
              <Price of={shipping.method.price} />
            </p>
            <Total goods={cart.total} shipping={shipping.method.price} />
          </>
        )}
        <Refusals of={others(address ? ['email'] : [...ADDRESS_FIELDS, 'email'])} />
        <button type="submit" className="button primary wide" disabled={fetching || !shipping.method || !payment}>
          {fetching ? t.placing : t.placeOrder}
        </button>
      </aside>
    </form>
  );
}
