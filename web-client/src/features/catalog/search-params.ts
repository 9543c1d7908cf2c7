// A listing is its address: what is searched, filtered and sorted, and how far it was read, stands in the URL, so that it can
// be shared, bookmarked and gone back to. This file is the one place that reads and writes it.
import type { AttributeFilter, ProductFilter, ProductSort } from '../../gql/graphql';

export const SORTS: readonly ProductSort[] = ['RELEVANCE', 'PRICE_ASC', 'PRICE_DESC', 'NEWEST', 'TITLE'];
export const BRAND_FACET = 'brand';
const ATTRIBUTE = 'a.';
/** An attribute's name has no dot in it, so the ends of a range can have one. */
const ENDS = { min: '.min', max: '.max' } as const;
const DECIMAL = /^\d{1,12}(\.\d{1,2})?$/;
const MOST_PAGES = 50;

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
  const attributes = readAttributes(params);
  if (attributes.length > 0) filter.attributes = attributes;
  return { search, sort, filter };
}

function readAttributes(params: URLSearchParams): AttributeFilter[] {
  const names = new Set([...params.keys()].filter((key) => key.startsWith(ATTRIBUTE)).map((key) => key.slice(ATTRIBUTE.length).split('.')[0] ?? ''));
  const filters: AttributeFilter[] = [];
  for (const name of names) {
    const values = params.getAll(ATTRIBUTE + name).map(parseValue);
    const min = decimal(params.get(rangeKey(name, 'min')));
    const max = decimal(params.get(rangeKey(name, 'max')));
    if (values.length > 0) filters.push({ name, values });
    else if (min || max) filters.push({ name, min, max });
  }
  return filters;
}

/** Where an end of the range of a facet stands; the price's, without a facet. */
export function rangeKey(facet: string | null, end: keyof typeof ENDS): string {
  return facet === null ? end : ATTRIBUTE + facet + ENDS[end];
}

/** The address with a range taken, or left where both ends are empty. */
export function withRange(params: URLSearchParams, facet: string | null, min: string, max: string): URLSearchParams {
  const clean = (text: string) => decimal(text.replace(',', '.').trim());
  return withParam(withParam(params, rangeKey(facet, 'min'), clean(min)), rangeKey(facet, 'max'), clean(max));
}

/** The address with one value of a facet taken or left. */
export function toggleFacet(params: URLSearchParams, facet: string, value: unknown): URLSearchParams {
  const key = facet === BRAND_FACET ? BRAND_FACET : ATTRIBUTE + facet;
  const text = facet === BRAND_FACET ? String(value) : JSON.stringify(value);
  const next = fromTheStart(params);
  if (next.has(key, text)) next.delete(key, text);
  else next.append(key, text);
  return next;
}

export function withParam(params: URLSearchParams, key: string, value: string | null): URLSearchParams {
  const next = fromTheStart(params);
  if (value) next.set(key, value);
  else next.delete(key);
  return next;
}

/** The address without filters; the search, the category and the order stay. */
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

/** How many pages of the list are open. */
export function readPages(params: URLSearchParams): number {
  const pages = Number(params.get('pages'));
  return Number.isInteger(pages) && pages >= 1 ? Math.min(pages, MOST_PAGES) : 1;
}

export function withPages(params: URLSearchParams, pages: number): URLSearchParams {
  const next = new URLSearchParams(params);
  next.set('pages', String(pages));
  return next;
}

/** Another list is read from its start. */
function fromTheStart(params: URLSearchParams): URLSearchParams {
  const next = new URLSearchParams(params);
  next.delete('pages');
  return next;
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
