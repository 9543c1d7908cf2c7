// What a fake shop sells.
export const rub = (amount: string) => ({ amount, currency: 'RUB' });

const picture = { url: '/media/lamp.svg', alt: 'Hedgehog desk lamp, black' };

export const lamp = {
  id: 'p1',
  slug: 'hedgehog-desk-lamp',
  title: 'Hedgehog desk lamp',
  description: 'Two joints and a heavy foot.',
  brand: 'Firefly',
  category: { id: 'c1', slug: 'lamps', title: 'Lamps', parent: null, children: [] },
  images: [picture],
  attributes: [{ name: 'power', label: 'Power', value: 9, unit: 'W' }],
  priceRange: { min: rub('4290'), max: rub('4290') },
  variants: [{ sku: 'LMP', title: 'Hedgehog desk lamp', price: rub('4290'), compareAtPrice: null, attributes: [], available: 3, inStock: true }],
};

export function cartWith(quantity: number) {
  const variant = { ...lamp.variants[0], product: lamp };
  const subtotal = rub(String(4290 * quantity));
  return { id: 'k1', itemCount: quantity, total: subtotal, lines: [{ id: 'l1', quantity, unitPrice: rub('4290'), subtotal, variant }] };
}

export function listing(...nodes: object[]) {
  return {
    categories: [lamp.category],
    products: {
      totalCount: nodes.length,
      priceRange: nodes.length > 0 ? { min: rub('4290'), max: rub('4290') } : null,
      facets: [],
      nodes,
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    },
  };
}

export function order(status: string, more: object = {}) {
  return {
    id: 'o1',
    number: 'L-100001',
    status,
    placedAt: '2026-01-01T10:00:00Z',
    trackingNumber: null,
    history: [{ status, at: '2026-01-01T10:00:00Z', note: null }],
    subtotal: rub('4290'),
    shipping: rub('300'),
    total: rub('4590'),
    shippingMethod: { code: 'COURIER', title: 'Courier', price: rub('300'), estimatedDays: 2 },
    recipient: { name: 'Ann', phone: '+79161234567', email: 'ann@example.com', line1: 'Arbat 1', line2: null, city: 'Moscow', region: null, postalCode: '119019', country: 'RU' },
    lines: [{ sku: 'LMP', title: 'Hedgehog desk lamp', quantity: 1, unitPrice: rub('4290'), subtotal: rub('4290'), variant: { sku: 'LMP', product: lamp } }],
    payment: null,
    ...more,
  };
}

export const gateways = [{ gateway: 'SANDBOX', publishableKey: null, tokens: ['ok', 'declined'] }];
