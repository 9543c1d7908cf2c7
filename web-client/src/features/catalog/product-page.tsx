import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { useQuery } from 'urql';
import { useAddToCart } from '../../api/cart';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Money } from '../../ui/money';
import { NotFound } from '../../ui/not-found';
import { Picture } from '../../ui/picture';
import { Failure, Loading, Refusals } from '../../ui/states';
import { valueText } from './value-text';

const ProductQuery = graphql(`
  query Product($slug: String!) {
    product(slug: $slug) {
      id
      title
      description
      brand
      category {
        id
        slug
        title
      }
      images {
        url
        ...Picture
      }
      attributes {
        ...Attribute
      }
      variants {
        sku
        title
        ...Variant
      }
    }
  }
`);

export function ProductPage() {
  const { slug = '' } = useParams();
  const { t } = useLocale();
  const [params, setParams] = useSearchParams();
  const [{ data, error, fetching }, retry] = useQuery({ query: ProductQuery, variables: { slug }, requestPolicy: 'cache-and-network' });
  const [shownImage, showImage] = useState(0);
  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (fetching && !data) return <Loading />;
  const product = data?.product;
  if (!product) return <NotFound text={t.productGone} />;
  const variant = product.variants.find((it) => it.sku === params.get('sku')) ?? product.variants[0];
  return (
    <article className="product">
      <div className="product-pictures">
        <Picture of={product.images[shownImage] ?? product.images[0]} eager />
        {product.images.length > 1 && (
          <div className="thumbnails">
            {product.images.map((it, index) => (
              <button key={it.url} type="button" aria-pressed={index === shownImage} onClick={() => showImage(index)}>
                <Picture of={it} />
              </button>
            ))}
          </div>
        )}
      </div>
      <div className="product-text">
        <p className="crumbs">
          <Link to={`/?category=${product.category.slug}`}>{product.category.title}</Link>
        </p>
        <h1>{product.title}</h1>
        {product.brand && <p className="product-brand">{product.brand}</p>}
        {product.variants.length > 1 && (
          <fieldset className="variants">
            <legend>{t.variants}</legend>
            {product.variants.map((it) => (
              <label key={it.sku} className="variant">
                <input
                  type="radio"
                  name="variant"
                  checked={it.sku === variant?.sku}
                  onChange={() => setParams({ sku: it.sku }, { replace: true })}
                />
                <span>{it.title}</span>
              </label>
            ))}
          </fieldset>
        )}
        {variant && <Offer key={variant.sku} variant={variant} />}
        <p className="description">{product.description}</p>
        {product.attributes.length > 0 && (
          <>
            <h2>{t.details}</h2>
            <Attributes of={product.attributes} />
          </>
        )}
      </div>
    </article>
  );
}

const VariantFragment = graphql(`
  fragment Variant on Variant {
    sku
    available
    inStock
    price {
      ...Money
    }
    compareAtPrice {
      ...Money
    }
    attributes {
      ...Attribute
    }
  }
`);

/** From so many pieces on, their number is nobody's concern. */
const FEW = 5;

function Offer({ variant }: { variant: FragmentType<typeof VariantFragment> }) {
  const { t } = useLocale();
  const { sku, available, inStock, price, compareAtPrice, attributes } = readFragment(VariantFragment, variant);
  const { add, adding } = useAddToCart();
  const [refusals, setRefusals] = useState<readonly { message: string }[]>([]);
  const [added, setAdded] = useState(false);
  return (
    <section className="offer">
      <p className="offer-price">
        <Money of={price} />
        {compareAtPrice && (
          <s>
            <Money of={compareAtPrice} />
          </s>
        )}
      </p>
      <p className={inStock ? 'stock' : 'stock none'}>
        {!inStock ? t.outOfStock : available <= FEW ? t.fewLeft(available) : t.inStock}
      </p>
      {attributes.length > 0 && <Attributes of={attributes} />}
      <div className="offer-actions">
        <button
          type="button"
          className="button primary"
          disabled={!inStock || adding}
          onClick={async () => {
            const { error, refusals } = await add(sku, 1);
            setRefusals(error ? [{ message: error.networkError ? t.offline : t.failed }] : refusals);
            setAdded(!error && refusals.length === 0);
          }}
        >
          {t.addToCart}
        </button>
        {added && (
          <p role="status">
            {t.added}. <Link to="/cart">{t.goToCart}</Link>
          </p>
        )}
      </div>
      <Refusals of={refusals} />
    </section>
  );
}

const AttributeFragment = graphql(`
  fragment Attribute on Attribute {
    name
    label
    value
    unit
  }
`);

function Attributes({ of }: { of: readonly FragmentType<typeof AttributeFragment>[] }) {
  const { t } = useLocale();
  return (
    <dl className="attributes">
      {readFragment(AttributeFragment, of).map((it) => (
        <div key={it.name}>
          <dt>{it.label}</dt>
          <dd>{valueText(it.value, t, it.unit)}</dd>
        </div>
      ))}
    </dl>
  );
}
