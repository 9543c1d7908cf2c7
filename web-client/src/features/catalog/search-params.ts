// A listing is its address: what is searched, filtered and sorted stands in the URL, so that it can be shared,
// bookmarked and gone back to. This file is the one place that reads and writes it.
import type { AttributeFilter, ProductFilter, ProductSort } from '../../gql/graphql';

export const SORTS: readonly ProductSort[] = ['RELEVANCE', 'PRICE_ASC', 'PRICE_DESC', 'NEWEST', 'TITLE'];
const ATTRIBUTE = 'a.';
const BRAND_FACET = 'brand';
const DECIMAL = /^\d{1,12}(\.\d{1,2})?$/;

export interface Listing {
  search: string | null;
  sort: ProductSort;
  filter: ProductFilter;
}

export function readListing(params: URLSearchParams): Listing {
  const search = params.get('q');
  const sort = SORTS.find((it) => it === params.get('sort')) ?? 'RELEVANCE';
  const filter: ProductFilter = {};
  const category = params.get('category');
  if (category) filter.category = category;
  const brands = params.getAll(BRAND_FACET);
  if (brands.length > 0) filter.brands = brands;
  const min = decimal(params.get('min'));
  const max = decimal(params.get('max'));
  if (min || max) filter.price = { min, max };
  const attributes: AttributeFilter[] = [];
  for (const key of new Set(params.keys())) {
    if (!key.startsWith(ATTRIBUTE)) continue;
    const values = params.getAll(key).map(parseValue);
    attributes.push({ name: key.slice(ATTRIBUTE.length), values });
  }
  if (attributes.length > 0) filter.attributes = attributes;
  return { search, sort, filter };
}

/** The address with one value of a facet taken or left. */
export function toggleFacet(params: URLSearchParams, facet: string, value: unknown): URLSearchParams {
  const key = facet === BRAND_FACET ? BRAND_FACET : ATTRIBUTE + facet;
  const text = facet === BRAND_FACET ? String(value) : JSON.stringify(value);
  const next = new URLSearchParams(params);
  if (next.has(key, text)) next.delete(key, text);
  else next.append(key, text);
  return next;
}

export function withParam(params: URLSearchParams, key: string, value: string | null): URLSearchParams {
  const next = new URLSearchParams(params);
  if (value) next.set(key, value);
  else next.delete(key);
  return next;
}

/** The address without filters; the search and the category stay. */
export function withoutFilters(params: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams();
  for (const key of ['q', 'category', 'sort']) {
    const value = params.get(key);
    if (value) next.set(key, value);
  }
  return next;
}

export function hasFilters(params: URLSearchParams): boolean {
  return [...params.keys()].some((key) => key === BRAND_FACET || key === 'min' || key === 'max' || key.startsWith(ATTRIBUTE));
}

function decimal(text: string | null): string | null {
  return text && DECIMAL.test(text) ? text : null;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
