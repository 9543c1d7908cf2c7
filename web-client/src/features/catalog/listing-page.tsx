import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useQuery } from 'urql';
import { graphql } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Icon } from '../../ui/icon';
import { Empty, Failure } from '../../ui/states';
import { Title } from '../../ui/title';
import './catalog.css';
import { Categories, currentCategory } from './categories';
import { ChosenFilters } from './chosen-filters';
import { Filters } from './filters';
import { ListingBones } from './listing-bones';
import { NextPage } from './next-page';
import { ProductCard } from './product-card';
import { hasFilters, type Listing, readListing, readPages, SORTS, withoutFilters, withPages, withParam } from './search-params';
import { ShopWindow } from './shop-window';

const ListingQuery = graphql(`
  query Listing($search: String, $filter: ProductFilter, $sort: ProductSort, $first: Int) {
    categories {
      ...Categories
    }
    products(search: $search, filter: $filter, sort: $sort, first: $first) {
      totalCount
      priceRange {
        min {
          amount
        }
        max {
          amount
        }
      }
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

export const PAGE = 24;

export function ListingPage() {
  const [params, setParams] = useSearchParams();
  const { t } = useLocale();
  const listing = useMemo(() => readListing(params), [params]);
  // Beside the list where there is room for them; behind a button on a phone.
  const [showsFilters, setShowsFilters] = useState(false);
  const [{ data, error, fetching }, retry] = useQuery({ query: ListingQuery, variables: { ...listing, first: PAGE } });
  const isFront = !listing.search && !listing.filter.category && !hasFilters(params);
  const front = isFront && <ShopWindow />;

  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (!data) {
    return (
      <>
        {front}
        <ListingBones />
      </>
    );
  }
  const { products, categories } = data;
  const name = listing.search ? t.searchFor(listing.search) : (currentCategory(categories, listing.filter.category)?.title ?? t.allProducts);
  const change = (next: URLSearchParams) => setParams(next, { preventScrollReset: true });
  return (
    <>
      {!isFront && <Title of={name} />}
      {front}
      <Categories of={categories} params={params} />
      <div className="listing">
        <div className="results-head">
          <h1 id="results">
            {name} <small aria-live="polite">{t.found(products.totalCount)}</small>
          </h1>
          <button type="button" className="button filters-toggle" aria-expanded={showsFilters} aria-controls="filters" onClick={() => setShowsFilters(!showsFilters)}>
            <Icon of="sliders" />
            {t.filters}
          </button>
          <Sort listing={listing} onChange={(sort) => change(withParam(params, 'sort', sort))} />
        </div>
        <Filters isOpen={showsFilters} facets={products.facets} prices={products.priceRange} params={params} onChange={change} />
        <section className={fetching ? 'results stale' : 'results'} aria-busy={fetching} aria-labelledby="results">
          <ChosenFilters facets={products.facets} params={params} onChange={change} />
          {products.totalCount === 0 && (
            <Empty title={t.nothingFound} hint={t.nothingFoundHint}>
              {hasFilters(params) && (
                <button type="button" className="button" onClick={() => change(withoutFilters(params))}>
                  {t.clearFilters}
                </button>
              )}
            </Empty>
          )}
          <div className="grid">
            {products.nodes.map((it) => (
              <ProductCard key={it.id} product={it} />
            ))}
          </div>
          {products.pageInfo.hasNextPage && products.pageInfo.endCursor && (
            <NextPage
              listing={listing}
              after={products.pageInfo.endCursor}
              number={2}
              open={readPages(params)}
              onOpen={(pages) => setParams(withPages(params, pages), { replace: true, preventScrollReset: true })}
            />
          )}
        </section>
      </div>
    </>
  );
}

function Sort({ listing, onChange }: { listing: Listing; onChange: (sort: string | null) => void }) {
  const { t } = useLocale();
  return (
    <label className="sort">
      <span className="visually-hidden">{t.sort}</span>
      <select value={listing.sort} onChange={(event) => onChange(event.target.value === 'RELEVANCE' ? null : event.target.value)}>
        {SORTS.map((sort) => (
          <option key={sort} value={sort}>
            {sort === 'RELEVANCE' && !listing.search ? t.shopsOrder : t.sorts[sort]}
          </option>
        ))}
      </select>
    </label>
  );
}
