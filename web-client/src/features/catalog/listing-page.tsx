import { useMemo, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useQuery } from 'urql';
import { graphql } from '../../gql';
import type { ProductSort } from '../../gql/graphql';
import { useLocale } from '../../i18n/locale';
import { Failure, Loading } from '../../ui/states';
import { Filters } from './filters';
import { ProductCard } from './product-card';
import { hasFilters, type Listing, readListing, SORTS, withoutFilters, withParam } from './search-params';

const ListingQuery = graphql(`
  query Listing($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int, $after: String) {
    categories {
      id
      slug
      title
    }
    products(search: $search, filter: $filter, sort: $sort, first: $first, after: $after) {
      totalCount
      facets {
        name
        ...Facet
      }
      nodes {
        id
        ...ProductCard
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

const PAGE = 24;

export function ListingPage() {
  const [params, setParams] = useSearchParams();
  const { t } = useLocale();
  const listing = useMemo(() => readListing(params), [params]);
  const [{ data, error, fetching }, retry] = useQuery({ query: ListingQuery, variables: { ...listing, first: PAGE } });

  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (!data) return <Loading />;
  const { products, categories } = data;
  return (
    <>
      <nav className="categories" aria-label={t.allProducts}>
        <CategoryLink params={params} slug={null} title={t.allProducts} />
        {categories.map((it) => (
          <CategoryLink key={it.id} params={params} slug={it.slug} title={it.title} />
        ))}
      </nav>
      <div className="listing">
        <Filters facets={products.facets} params={params} onChange={(next) => setParams(next)} />
        <section className={fetching ? 'results stale' : 'results'} aria-busy={fetching}>
          <div className="results-head">
            <h1>
              {listing.search ? `«${listing.search}»` : (categories.find((it) => it.slug === listing.filter.category)?.title ?? t.allProducts)}
              <small>{t.found(products.totalCount)}</small>
            </h1>
            <label>
              <span className="visually-hidden">{t.sort}</span>
              <select
                value={listing.sort}
                onChange={(event) => setParams(withParam(params, 'sort', event.target.value === 'RELEVANCE' ? null : event.target.value))}
              >
                {SORTS.map((sort: ProductSort) => (
                  <option key={sort} value={sort}>
                    {t.sorts[sort]}
                  </option>
                ))}
              </select>
            </label>
          </div>
          {products.totalCount === 0 && (
            <div className="state">
              <p>{t.nothingFound}</p>
              <p>{t.nothingFoundHint}</p>
              {hasFilters(params) && (
                <button type="button" className="button quiet" onClick={() => setParams(withoutFilters(params))}>
                  {t.clearFilters}
                </button>
              )}
            </div>
          )}
          <div className="grid">
            {products.nodes.map((it) => (
              <ProductCard key={it.id} product={it} />
            ))}
          </div>
          {products.pageInfo.hasNextPage && products.pageInfo.endCursor && (
            <NextPage key={params.toString() + products.pageInfo.endCursor} listing={listing} after={products.pageInfo.endCursor} />
          )}
        </section>
      </div>
    </>
  );
}

function CategoryLink({ params, slug, title }: { params: URLSearchParams; slug: string | null; title: string }) {
  const current = params.get('category') === slug;
  const search = params.get('q');
  const next = new URLSearchParams({ ...(search ? { q: search } : {}), ...(slug ? { category: slug } : {}) });
  return (
    <Link to={`/?${next}`} aria-current={current ? 'page' : undefined}>
      {title}
    </Link>
  );
}

/** The page after a cursor: first a button, then the page, with a button of its own at its end. */
function NextPage({ listing, after }: { listing: Listing; after: string }) {
  const { t } = useLocale();
  const [asked, setAsked] = useState(false);
  const [{ data, error }, retry] = useQuery({
    query: ListingQuery,
    variables: { ...listing, first: PAGE, after },
    pause: !asked,
  });
  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (!data) {
    return (
      <div className="more">
        <button type="button" className="button quiet" disabled={asked} onClick={() => setAsked(true)}>
          {asked ? t.loading : t.more}
        </button>
      </div>
    );
  }
  const { nodes, pageInfo } = data.products;
  return (
    <>
      <div className="grid">
        {nodes.map((it) => (
          <ProductCard key={it.id} product={it} />
        ))}
      </div>
      {pageInfo.hasNextPage && pageInfo.endCursor && <NextPage listing={listing} after={pageInfo.endCursor} />}
    </>
  );
}
