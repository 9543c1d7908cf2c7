import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { useQuery } from 'urql';
import { graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { NotFound } from '../../ui/not-found';
import { Picture, PictureFragment } from '../../ui/picture';
import { pictureOf } from '../../ui/picture-of';
import { Failure, Loading } from '../../ui/states';
import { Title } from '../../ui/title';
import { Attributes } from './attributes';
import './catalog.css';
import { Neighbours } from './neighbours';
import { Offer } from './offer';

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
        parent {
          id
          slug
          title
        }
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
        inStock
        ...Offer
      }
    }
  }
`);

export function ProductPage() {
  const { slug = '' } = useParams();
  const { t } = useLocale();
  const [params, setParams] = useSearchParams();
  const [{ data, error, fetching }, retry] = useQuery({ query: ProductQuery, variables: { slug }, requestPolicy: 'cache-and-network' });
  const [chosenImage, chooseImage] = useState<number | null>(null);
  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (fetching && !data) return <Loading />;
  const product = data?.product;
  if (!product) return <NotFound text={t.productGone} />;
  // What was asked for, else what can be had.
  const variant = product.variants.find((it) => it.sku === params.get('sku')) ?? product.variants.find((it) => it.inStock) ?? product.variants[0];
  const pictures = readFragment(PictureFragment, product.images);
  const shown = chosenImage ?? (variant && pictureOf(variant.title, pictures)) ?? 0;
  const { category } = product;
  return (
    <>
      <Title of={product.title} />
      <nav aria-label={t.youAreHere}>
        <ol className="crumbs">
          {[category.parent, category].map(
            (it) =>
              it && (
                <li key={it.id}>
                  <Link to={`/?category=${it.slug}`}>{it.title}</Link>
                </li>
              ),
          )}
        </ol>
      </nav>
      <article className="product">
        <div className="product-pictures">
          <Picture of={product.images[shown]} eager />
          {product.images.length > 1 && (
            <div className="thumbnails">
              {product.images.map((it, index) => (
                <button key={it.url} type="button" aria-pressed={index === shown} onClick={() => chooseImage(index)}>
                  <Picture of={it} />
                </button>
              ))}
            </div>
          )}
        </div>
        <div className="product-text">
          <h1>{product.title}</h1>
          {product.brand && <p className="product-brand">{product.brand}</p>}
          {product.variants.length > 1 && (
            <fieldset className="variants">
              <legend>{t.variants}</legend>
              {product.variants.map((it) => (
                <label key={it.sku} className={it.inStock ? 'variant' : 'variant gone'}>
                  <input
                    type="radio"
                    name="variant"
                    checked={it.sku === variant?.sku}
                    onChange={() => {
                      chooseImage(null);
                      setParams({ sku: it.sku }, { replace: true, preventScrollReset: true });
                    }}
                  />
                  <span>
                    {it.title}
                    {!it.inStock && <span className="visually-hidden">, {t.outOfStock}</span>}
                  </span>
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
      <Neighbours key={product.id} product={product.id} category={category.slug} />
    </>
  );
}
