import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeShop, visit } from '../../testing/fake-shop';
import { order } from '../../testing/goods';

const page = (...nodes: object[]) => ({
  orders: { totalCount: nodes.length, nodes, pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null } },
});
const staff = { id: 'u1', name: 'Stepan', email: 'staff@lavka.test', emailVerified: true, roles: ['CUSTOMER', 'STAFF'], unreadNotificationCount: 0 };
const me = () => ({ me: { ...staff, cart: { id: 'k1', itemCount: 0, total: { amount: '0', currency: 'RUB' }, lines: [] } } });

function shopWith(answers: ConstructorParameters<typeof FakeShop>[0]) {
  return new FakeShop({
    Refresh: () => ({ refreshTokens: { tokens: { accessToken: 'a', accessTokenExpiresAt: '2999-01-01T00:00:00Z' }, userErrors: [] } }),
    Me: me,
    MyCart: me,
    UnreadCount: me,
    ...answers,
  });
}

describe('the board', () => {
  beforeEach(() => localStorage.setItem('lavka.signedIn', '1'));

  it('shows an order the moment it is placed', async () => {
    let placed = page();
    const shop = shopWith({ Board: () => placed });
    visit('/staff');
    expect(await screen.findByText('No orders here')).toBeTruthy();
    placed = page(order('PENDING_PAYMENT'));
    await waitFor(() => shop.expectSubscribed('NewOrders'));
    await shop.tell('NewOrders', { newOrders: order('PENDING_PAYMENT') });
    expect(await screen.findByText('L-100001')).toBeTruthy();
  });

  it('offers the next step when the payment comes, without being asked again', async () => {
    const shop = shopWith({ Board: () => page(order('PENDING_PAYMENT')) });
    visit('/staff');
    const row = (await screen.findByText('L-100001')).closest('li') as HTMLElement;
    expect(within(row).queryByRole('button')).toBeNull();
    await waitFor(() => shop.expectSubscribed('BoardRowUpdated'));
    await shop.tell('BoardRowUpdated', { orderUpdated: order('PAID') });
    expect(within(row).getByRole('button', { name: 'Assembled' })).toBeTruthy();
  });
});
