import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { FakeShop, Unreachable, visit } from '../../testing/fake-shop';
import { cartWith, gateways, order, rub } from '../../testing/goods';

const shippingMethods = [{ code: 'COURIER', title: 'Courier', price: rub('300'), estimatedDays: 2 }];

async function fillIn() {
  const type = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } });
  await screen.findByText('Courier');
  type('Name', 'Ann');
  type('Phone', '+79161234567');
  type('E-mail', 'ann@example.com');
  type('Postal code', '119019');
  type('City', 'Moscow');
  type('Address', 'Arbat 1');
}

function shopWith(checkout: (variables: Record<string, unknown>) => object) {
  localStorage.setItem('lavka.cart', 'k1');
  return new FakeShop({
    GuestCart: () => ({ cart: cartWith(1) }),
    WaysToPay: () => ({ paymentGateways: gateways }),
    ShippingMethods: () => ({ shippingMethods }),
    Checkout: (variables) => ({ checkout: checkout(variables) }),
    Order: () => ({ order: order('PENDING_PAYMENT') }),
  });
}

describe('the checkout', () => {
  it('tells the whole sum, and leads to the order with its key', async () => {
    const shop = shopWith(() => ({ order: order('PENDING_PAYMENT'), orderKey: 'secret', userErrors: [] }));
    visit('/checkout');
    await fillIn();
    expect(screen.getByText(/4,590/)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Place the order' }));
    expect(await screen.findByText('Order L-100001')).toBeTruthy();
    expect(shop.last('Order')).toEqual({ id: 'o1', orderKey: 'secret' });
    expect(localStorage.getItem('lavka.cart')).toBeNull();
  });

  it('shows a refusal at the field that it is about', async () => {
    shopWith(() => ({
      order: null,
      orderKey: null,
      userErrors: [{ code: 'RECIPIENT_INVALID', message: 'Not a telephone number', field: ['recipient', 'phone'], sku: null, available: null }],
    }));
    visit('/checkout');
    await fillIn();
    fireEvent.click(screen.getByRole('button', { name: 'Place the order' }));
    expect(await screen.findByText('Not a telephone number')).toBeTruthy();
    expect(screen.getByLabelText('Phone').getAttribute('aria-invalid')).toBe('true');
  });

  it('sends the same key after a lost answer, so that it is one order', async () => {
    let isLost = true;
    const shop = shopWith(() => {
      if (isLost) throw new Unreachable();
      return { order: order('PENDING_PAYMENT'), orderKey: 'secret', userErrors: [] };
    });
    visit('/checkout');
    await fillIn();
    fireEvent.click(screen.getByRole('button', { name: 'Place the order' }));
    await screen.findByRole('alert');
    isLost = false;
    fireEvent.click(screen.getByRole('button', { name: 'Place the order' }));
    await screen.findByText('Order L-100001');
    const keys = shop.asked.filter((it) => it.operation === 'Checkout').map((it) => (it.variables['input'] as { idempotencyKey: string }).idempotencyKey);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });
});
