import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { FakeShop, visit } from '../../testing/fake-shop';
import { lamp, listing } from '../../testing/goods';

const colours = {
  name: 'color',
  label: 'Colour',
  unit: null,
  min: null,
  max: null,
  values: [
    { value: 'black', label: 'black', count: 3, selected: false },
    { value: 'green', label: 'green', count: 1, selected: false },
  ],
};

function withFacets(facets: object[]) {
  const page = listing(lamp);
  return { ...page, products: { ...page.products, facets } };
}

describe('the list', () => {
  it('asks for what its address says', async () => {
    const shop = new FakeShop({ Listing: () => listing(lamp) });
    visit('/?q=lamp&category=lamps&min=100&a.color=%22black%22&sort=PRICE_ASC');
    expect(await screen.findByText('Hedgehog desk lamp')).toBeTruthy();
    expect(shop.last('Listing')).toEqual({
      search: 'lamp',
      sort: 'PRICE_ASC',
      filter: { category: 'lamps', price: { min: '100', max: null }, attributes: [{ name: 'color', values: ['black'] }] },
      first: 24,
    });
  });

  it('is narrowed by a facet, and widened again', async () => {
    const shop = new FakeShop({
      Listing: ({ filter }) => {
        const chosen = JSON.stringify(filter).includes('green');
        return withFacets([{ ...colours, values: colours.values.map((it) => ({ ...it, selected: chosen && it.value === 'green' })) }]);
      },
    });
    visit('/');
    fireEvent.click(await screen.findByRole('checkbox', { name: /green/ }));
    fireEvent.click(await screen.findByRole('button', { name: 'Take off: Colour: green' }));
    expect(await screen.findByRole('checkbox', { name: /green/, checked: false })).toBeTruthy();
    const filters = shop.asked.filter((it) => it.operation === 'Listing').map((it) => it.variables['filter']);
    expect(filters).toEqual([{}, { attributes: [{ name: 'color', values: ['green'] }] }]);
  });

  it('says when there is nothing, and offers to take the filters off', async () => {
    new FakeShop({ Listing: ({ filter }) => (JSON.stringify(filter) === '{}' ? listing(lamp) : listing()) });
    visit('/?max=1');
    expect(await screen.findByText('Nothing was found')).toBeTruthy();
    fireEvent.click(screen.getAllByRole('button', { name: 'Clear filters' })[0] as HTMLElement);
    expect(await screen.findByText('Hedgehog desk lamp')).toBeTruthy();
  });
});
