import { fireEvent, screen, waitFor, within } from '@testing-library/react';
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
    expect(within(row).queryByText("Can't be fulfilled")).toBeNull();
    await waitFor(() => shop.expectSubscribed('BoardRowUpdated'));
    await shop.tell('BoardRowUpdated', { orderUpdated: order('PAID') });
    expect(within(row).getByRole('button', { name: 'Assembled' })).toBeTruthy();
  });

  it("flags a paid order that can't be fulfilled, and gives its money back on a word", async () => {
    const payment = { id: 'y1', status: 'SUCCEEDED', attention: null };
    let flag: object | null = null;
    const listed = () => order('PAID', { payment, flag });
    const shop = shopWith({
      Board: () => page(listed()),
      FlagOrder: () => {
        flag = { reason: 'It fell off the shelf', at: '2026-01-01T10:00:00Z' };
        return { flagOrder: { order: listed(), userErrors: [] } };
      },
      Refund: () => ({ refundPayment: { payment: { ...payment, status: 'REFUNDED', order: { id: 'o1' } }, userErrors: [] } }),
    });
    visit('/staff');
    const row = (await screen.findByText('L-100001')).closest('li') as HTMLElement;
    fireEvent.click(within(row).getByRole('button', { name: "Can't be fulfilled" }));
    fireEvent.change(within(row).getByLabelText(/Why it can't be fulfilled/), { target: { value: ' It fell off the shelf ' } });
    fireEvent.click(within(row).getByRole('button', { name: "Can't be fulfilled" }));
    expect(await within(row).findByText("Can't be fulfilled: It fell off the shelf")).toBeTruthy();
    expect(shop.last('FlagOrder')).toEqual({ input: { orderId: 'o1', reason: 'It fell off the shelf' } });
    fireEvent.click(within(row).getByRole('button', { name: 'Give the money back' }));
    await waitFor(() => expect(shop.last('Refund')).toBeTruthy());
    const { idempotencyKey, ...told } = (shop.last('Refund') as { input: Record<string, unknown> }).input;
    expect(told, "why it can't be fulfilled is told to staff, and a refund's reason is shown to the shopper").toEqual({ paymentId: 'y1' });
    expect(idempotencyKey).toBeTruthy();
  });

  it('shows what is wrong with a payment until somebody says that it is dealt with', async () => {
    let attention: string | null = 'REFUND_FAILED';
    const payment = () => ({ id: 'y1', status: 'SUCCEEDED', attention });
    const shop = shopWith({
      Board: () => page(order('CANCELLED', { payment: payment() })),
      SettleAttention: () => {
        attention = null;
        return { settleAttention: { payment: { ...payment(), order: { id: 'o1' } }, userErrors: [] } };
      },
    });
    visit('/staff');
    expect(await screen.findByText('A refund has failed: the money is still here.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Give the money back' })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'It is dealt with' }));
    await waitFor(() => expect(screen.queryByText('A refund has failed: the money is still here.')).toBeNull());
    expect(shop.last('SettleAttention')).toEqual({ input: { paymentId: 'y1', attention: 'REFUND_FAILED' } });
  });

  it('offers no refund where the matter is the gateway\'s', async () => {
    shopWith({ Board: () => page(order('CANCELLED', { payment: { id: 'y1', status: 'SUCCEEDED', attention: 'DISPUTED' } })) });
    visit('/staff');
    expect(await screen.findByRole('button', { name: 'It is dealt with' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Give the money back' })).toBeNull();
  });
});
