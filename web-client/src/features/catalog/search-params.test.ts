import { describe, expect, it } from 'vitest';
import { hasFilters, readListing, toggleFacet, withoutFilters } from './search-params';

const listing = (text: string) => readListing(new URLSearchParams(text));

describe('the address of a listing', () => {
  it('is a plain list when it says nothing', () => {
    expect(listing('')).toEqual({ search: null, sort: 'RELEVANCE', filter: {} });
  });

  it('reads search, sort, category, brands and price', () => {
    expect(listing('q=lamp&sort=PRICE_ASC&category=lamps&brand=Luch&brand=Svet&min=100&max=2500.50')).toEqual({
      search: 'lamp',
      sort: 'PRICE_ASC',
      filter: { category: 'lamps', brands: ['Luch', 'Svet'], price: { min: '100', max: '2500.50' } },
    });
  });

  it('keeps the type of an attribute', () => {
    expect(listing('a.power=40&a.dimmable=true&a.socket="E27"').filter.attributes).toEqual([
      { name: 'power', values: [40] },
      { name: 'dimmable', values: [true] },
      { name: 'socket', values: ['E27'] },
    ]);
  });

  it('leaves out what somebody mistyped', () => {
    expect(listing('sort=CHEAP&min=abc&max=1e9')).toEqual({ search: null, sort: 'RELEVANCE', filter: {} });
  });

  it('takes a value and leaves it again', () => {
    const once = toggleFacet(new URLSearchParams('q=x'), 'power', 40);
    expect(once.toString()).toBe('q=x&a.power=40');
    expect(toggleFacet(once, 'power', 40).toString()).toBe('q=x');
  });

  it('forgets filters and keeps the search', () => {
    const params = new URLSearchParams('q=x&category=lamps&a.power=40&min=3');
    expect(hasFilters(params)).toBe(true);
    expect(withoutFilters(params).toString()).toBe('q=x&category=lamps');
    expect(hasFilters(withoutFilters(params))).toBe(false);
  });
});
