import { Link } from 'react-router';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Money } from '../../ui/money';
import { Picture } from '../../ui/picture';
import { saving } from './saving';

const ProductCardFragment = graphql(`
  fragment ProductCard on Product {
    slug
    title
    brand
    images {
      ...Picture
    }
    priceRange {
      min {
        amount
        ...Money
      }
      max {
        amount
      }
    }
    variants {
      sku
      inStock
      price {
        amount
      }
      compareAtPrice {
        amount
        ...Money
      }
    }
  }
`);

export function ProductCard({ product }: { product: FragmentType<typeof ProductCardFragment> }) {
  const { t } = useLocale();
  const { slug, title, brand, images, priceRange, variants } = readFragment(ProductCardFragment, product);
  const inStock = variants.some((it) => it.inStock);
  const saved = Math.max(...variants.map((it) => saving(it.price.amount, it.compareAtPrice?.amount)));
  const before = variants.length === 1 ? variants[0]?.compareAtPrice : null;
  return (
    <Link to={`/products/${slug}`} className={inStock ? 'card' : 'card sold-out'}>
      <div className="card-picture">
        <Picture of={images[0]} />
        {!inStock ? <span className="flag out">{t.outOfStock}</span> : saved > 0 && <span className="flag">−{saved} %</span>}
      </div>
      <span className="card-title">{title}</span>
      {brand && <span className="card-brand">{brand}</span>}
      <span className="card-price">
        <strong>
          {priceRange.min.amount !== priceRange.max.amount && `${t.from} `}
          <Money of={priceRange.min} />
        </strong>
        {before && (
          <s>
            <span className="visually-hidden">{t.before}</span> <Money of={before} />
          </s>
        )}
        {variants.length > 1 && <small>{t.kinds(variants.length)}</small>}
      </span>
    </Link>
  );
}
