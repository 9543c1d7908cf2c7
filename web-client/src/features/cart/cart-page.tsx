import { useState } from 'react';
import { Link } from 'react-router';
import { useMutation } from 'urql';
import { CartFragment, useCurrentCart } from '../../api/cart';
import { graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Money } from '../../ui/money';
import { Picture } from '../../ui/picture';
import { Failure, Loading, Refusals } from '../../ui/states';

const SetQuantity = graphql(`
  mutation SetQuantity($input: SetCartLineQuantityInput!) {
    setCartLineQuantity(input: $input) {
      cart {
        ...Cart
      }
      userErrors {
        message
      }
    }
  }
`);

const Remove = graphql(`
  mutation Remove($input: RemoveFromCartInput!) {
    removeFromCart(input: $input) {
      cart {
        ...Cart
      }
      userErrors {
        message
      }
    }
  }
`);

const MOST = 999;

export function CartPage() {
  const { t } = useLocale();
  const { cart: masked, fetching, error } = useCurrentCart();
  const cart = readFragment(CartFragment, masked);
  const [, setQuantity] = useMutation(SetQuantity);
  const [, remove] = useMutation(Remove);
  const [refusals, setRefusals] = useState<readonly { message: string }[]>([]);

  if (error && !cart) return <Failure error={error} />;
  if (!cart && fetching) return <Loading />;
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
  const set = async (sku: string, quantity: number) => {
    const { data, error } = await setQuantity({ input: { cartId: cart.id, sku, quantity } });
    setRefusals(error ? [{ message: error.networkError ? t.offline : t.failed }] : (data?.setCartLineQuantity.userErrors ?? []));
  };
  return (
    <section className="cart">
      <h1>{t.cart}</h1>
      <Refusals of={refusals} />
      <ul className="cart-lines">
        {cart.lines.map((line) => (
          <li key={line.id} className="cart-line">
            <Link to={`/products/${line.variant.product.slug}?sku=${encodeURIComponent(line.variant.sku)}`}>
              <Picture of={line.variant.product.images[0]} />
            </Link>
            <div className="cart-line-text">
              <Link to={`/products/${line.variant.product.slug}?sku=${encodeURIComponent(line.variant.sku)}`}>
                {line.variant.product.title}
              </Link>
              {line.variant.title !== line.variant.product.title && <small>{line.variant.title}</small>}
              {line.variant.available < line.quantity && (
                <small className="warning">{line.variant.available === 0 ? t.outOfStock : t.fewLeft(line.variant.available)}</small>
              )}
            </div>
            <div className="stepper" role="group" aria-label={t.quantity}>
              <button type="button" aria-label="−1" onClick={() => void set(line.variant.sku, line.quantity - 1)}>
                −
              </button>
              <output>{line.quantity}</output>
              <button type="button" aria-label="+1" disabled={line.quantity >= MOST} onClick={() => void set(line.variant.sku, line.quantity + 1)}>
                +
              </button>
            </div>
            <strong className="cart-line-sum">
              <Money of={line.subtotal} />
            </strong>
            <button
              type="button"
              className="link"
              onClick={() => void remove({ input: { cartId: cart.id, sku: line.variant.sku } })}
            >
              {t.remove}
            </button>
          </li>
        ))}
      </ul>
      <div className="cart-sum">
        <span>{t.total}</span>
        <strong>
          <Money of={cart.total} />
        </strong>
        <Link className="button primary" to="/checkout">
          {t.checkout}
        </Link>
      </div>
    </section>
  );
}
