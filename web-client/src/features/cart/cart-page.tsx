import { Link } from 'react-router';
import { useMutation } from 'urql';
import { CartFragment, MOST_OF_A_LINE, useCurrentCart } from '../../api/cart';
import { graphql, readFragment } from '../../gql';
import type { CartFragment as CartValue } from '../../gql/graphql';
import { useLocale } from '../../i18n/locale';
import { Money } from '../../ui/money';
import { useOutcome } from '../../ui/outcome';
import { VariantPicture } from '../../ui/picture';
import { Empty, Failure, Loading, Refusals } from '../../ui/states';
import { Stepper } from '../../ui/stepper';
import { Title } from '../../ui/title';
import './cart.css';

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

export function CartPage() {
  const { t } = useLocale();
  const { cart: masked, fetching, error, retry } = useCurrentCart();
  const cart = readFragment(CartFragment, masked);
  const [{ fetching: setting }, setQuantity] = useMutation(SetQuantity);
  const [{ fetching: removing }, remove] = useMutation(Remove);
  const { refusals, settle } = useOutcome();

  if (error && !cart) return <Failure error={error} onRetry={retry} />;
  if (!cart && fetching) return <Loading />;
  if (!cart || cart.lines.length === 0) {
    return (
      <>
        <Title of={t.cart} />
        <Empty isPage title={t.cartEmpty} hint={t.cartEmptyHint}>
          <Link className="button primary" to="/">
            {t.backToShop}
          </Link>
        </Empty>
      </>
    );
  }
  const set = async (sku: string, quantity: number) => {
    const { data, error } = await setQuantity({ input: { cartId: cart.id, sku, quantity } });
    settle(data?.setCartLineQuantity, error);
  };
  const takeOut = async (sku: string) => {
    const { data, error } = await remove({ input: { cartId: cart.id, sku } });
    settle(data?.removeFromCart, error);
  };
  const lacking = cart.lines.some((it) => it.variant.available < it.quantity);
  return (
    <section className="cart">
      <Title of={t.cart} />
      <h1>{t.cart}</h1>
      <div className="cart-parts" aria-busy={setting || removing}>
        <div>
          <Refusals of={refusals} />
          <ul className="cart-lines panel">
            {cart.lines.map((line) => (
              <Line key={line.id} line={line} onSet={(quantity) => void set(line.variant.sku, quantity)} onRemove={() => void takeOut(line.variant.sku)} />
            ))}
          </ul>
        </div>
        <aside className="cart-sum panel">
          <p className="sum">
            <span>{t.found(cart.itemCount)}</span>
            <Money of={cart.total} />
          </p>
          <p className="sum">
            <span>{t.delivery}</span>
            <small>{t.atCheckout}</small>
          </p>
          <p className="sum total">
            <span>{t.total}</span>
            <Money of={cart.total} />
          </p>
          {lacking && <p className="warning">{t.cartLacks}</p>}
          <Link className="button primary wide" to="/checkout">
            {t.checkout}
          </Link>
        </aside>
      </div>
    </section>
  );
}

interface LineProps {
  line: CartValue['lines'][number];
  onSet: (quantity: number) => void;
  onRemove: () => void;
}

function Line({ line, onSet, onRemove }: LineProps) {
  const { t } = useLocale();
  const { variant, quantity } = line;
  const { product } = variant;
  const path = `/products/${product.slug}?sku=${encodeURIComponent(variant.sku)}`;
  return (
    <li className="cart-line">
      <Link to={path} tabIndex={-1} aria-hidden="true">
        <VariantPicture of={product.images} variant={variant.title} />
      </Link>
      <div className="cart-line-text">
        <Link to={path}>{product.title}</Link>
        {variant.title !== product.title && <small>{variant.title}</small>}
        {quantity > 1 && (
          <small>
            <Money of={line.unitPrice} /> × {quantity}
          </small>
        )}
        {variant.available < quantity && <small className="warning">{variant.available === 0 ? t.outOfStock : t.fewLeft(variant.available)}</small>}
        <button type="button" className="link" aria-label={`${t.remove}: ${product.title}`} onClick={onRemove}>
          {t.remove}
        </button>
      </div>
      <Stepper label={`${t.quantity}: ${product.title}`} value={quantity} least={1} most={MOST_OF_A_LINE} onChange={onSet} />
      <strong className="cart-line-sum">
        <Money of={line.subtotal} />
      </strong>
    </li>
  );
}
