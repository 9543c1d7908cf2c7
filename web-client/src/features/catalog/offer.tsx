import { useState } from 'react';
import { Link } from 'react-router';
import { MOST_OF_A_LINE, useAddToCart } from '../../api/cart';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Money } from '../../ui/money';
import { useOutcome } from '../../ui/outcome';
import { Refusals } from '../../ui/states';
import { Stepper } from '../../ui/stepper';
import { Attributes } from './attributes';
import { saving } from './saving';

const OfferFragment = graphql(`
  fragment Offer on Variant {
    sku
    available
    inStock
    price {
      amount
      ...Money
    }
    compareAtPrice {
      amount
      ...Money
    }
    attributes {
      ...Attribute
    }
  }
`);

/** From so many pieces on, their number is nobody's concern. */
const FEW = 5;

export function Offer({ variant }: { variant: FragmentType<typeof OfferFragment> }) {
  const { t } = useLocale();
  const { sku, available, inStock, price, compareAtPrice, attributes } = readFragment(OfferFragment, variant);
  const { add, adding } = useAddToCart();
  const { refusals, settle } = useOutcome();
  const [quantity, setQuantity] = useState(1);
  const [added, setAdded] = useState(false);
  const saved = saving(price.amount, compareAtPrice?.amount);
  return (
    <section className="offer panel" aria-label={t.price}>
      <p className="offer-price">
        <Money of={price} />
        {compareAtPrice && (
          <>
            <s>
              <span className="visually-hidden">{t.before}</span> <Money of={compareAtPrice} />
            </s>
            {saved > 0 && <span className="flag">−{saved} %</span>}
          </>
        )}
      </p>
      <p className={inStock ? 'stock' : 'stock none'}>{!inStock ? t.outOfStock : available <= FEW ? t.fewLeft(available) : t.inStock}</p>
      {attributes.length > 0 && <Attributes of={attributes} />}
      <div className="offer-actions">
        {inStock && <Stepper label={t.quantity} value={quantity} least={1} most={Math.min(available, MOST_OF_A_LINE)} onChange={setQuantity} />}
        <button
          type="button"
          className="button primary"
          disabled={!inStock || adding}
          onClick={async () => {
            setAdded(false);
            const { error, payload } = await add(sku, quantity);
            setAdded(settle(payload, error));
          }}
        >
          {inStock ? t.addToCart : t.outOfStock}
        </button>
      </div>
      <div role="status">
        {added && (
          <p className="notice">
            {t.added}. <Link to="/cart">{t.goToCart}</Link>
          </p>
        )}
      </div>
      <Refusals of={refusals} />
    </section>
  );
}
