import { Link } from 'react-router';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Money } from '../../ui/money';
import { Picture } from '../../ui/picture';

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
      compareAtPrice {
        ...Money
      }
    }
  }
`);

export function ProductCard({ product }: { product: FragmentType<typeof ProductCardFragment> }) {
  const { t } = useLocale();
  const { slug, title, brand, images, priceRange, variants } = readFragment(ProductCardFragment, product);
  const inStock = variants.some((it) => it.inStock);
  const before = variants.length === 1 ? variants[0]?.compareAtPrice : null;
  return (
    <Link to={`/products/${slug}`} className={inStock ? 'card' : 'card sold-out'}>
      <Picture of={images[0]} />
      <span className="card-title">{title}</span>
      {brand && <span className="card-brand">{brand}</span>}
      <span className="card-price">
        {priceRange.min.amount !== priceRange.max.amount && `${t.from} `}
        <Money of={priceRange.min} />
        {before && (
          <s>
            <Money of={before} />
          </s>
        )}
      </span>
      {!inStock && <span className="card-note">{t.outOfStock}</span>}
    </Link>
  );
}
