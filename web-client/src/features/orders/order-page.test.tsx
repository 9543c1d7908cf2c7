import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { FakeShop, visit } from '../../testing/fake-shop';
import { gateways, order, rub } from '../../testing/goods';

const payment = (more: object) => ({
  id: 'y1',
  status: 'PENDING',
  gateway: 'SANDBOX',
  amount: rub('4590'),
  refundedAmount: rub('0'),
  failureMessage: null,
  clientSecret: null,
  redirectUrl: null,
  ...more,
});

// Stripe's software is loaded once for the page's life, as in a browser.
const mount = vi.fn();
const elements = vi.fn(() => ({ create: () => ({ mount, destroy: () => {} }) }));
const confirmPayment = vi.fn();
const makeStripe = vi.fn(() => ({ elements, confirmPayment }));

function stripesOwn() {
  for (const it of [mount, elements, confirmPayment, makeStripe]) it.mockClear();
  confirmPayment.mockResolvedValue({});
  vi.stubGlobal('Stripe', makeStripe);
  return { makeStripe, elements, confirmPayment, mount };
}

describe('the page of an order', () => {
  it('follows the order without being asked again', async () => {
    const shop = new FakeShop({ Order: () => ({ order: order('PENDING_PAYMENT') }) });
    visit('/orders/o1?key=secret');
    expect((await screen.findByTestId('order-status')).textContent).toBe('Waiting for payment');
    await screen.findByText('live');
    await shop.tell('OrderUpdated', { orderUpdated: order('PAID') });
    expect(screen.getByTestId('order-status').textContent).toBe('Paid');
    expect(shop.asked.filter((it) => it.operation === 'Order')).toHaveLength(1);
  });

  it('lets a failed payment be made in another way', async () => {
    const failed = order('PAYMENT_FAILED', { payment: payment({ status: 'FAILED', failureMessage: 'No money on the card.' }) });
    const shop = new FakeShop({
      Order: () => ({ order: failed }),
      WaysToPayAgain: () => ({ paymentGateways: gateways }),
      Retry: () => ({ retryPayment: { order: order('PENDING_PAYMENT'), userErrors: [] } }),
    });
    visit('/orders/o1?key=secret');
    expect(await screen.findByText(/No money on the card/)).toBeTruthy();
    fireEvent.click(await screen.findByLabelText('Succeeds at once'));
    fireEvent.click(screen.getByRole('button', { name: 'Pay again' }));
    await waitFor(() =>
      expect(shop.last('Retry')).toMatchObject({ input: { orderId: 'o1', orderKey: 'secret', payment: { gateway: 'SANDBOX', token: 'ok' } } }),
    );
  });

  it('shows the money of a cancelled order come back, of which no event tells', async () => {
    const cancelled = (more: object) => order('CANCELLED', { payment: payment(more) });
    let now = order('PAID');
    const shop = new FakeShop({ Order: () => ({ order: now }) });
    visit('/orders/o1?key=secret');
    await screen.findByText('live');
    await shop.tell('OrderUpdated', { orderUpdated: cancelled({ status: 'SUCCEEDED' }) });
    expect(screen.getByTestId('order-status').textContent).toBe('Cancelled');
    expect(screen.queryByText('Refunded')).toBeNull();
    now = cancelled({ status: 'REFUNDED', refundedAmount: rub('4590') });
    expect(await screen.findByText('Refunded')).toBeTruthy();
  });

  it('asks before an order is called off', async () => {
    // jsdom knows the element, but not how to open it.
    HTMLDialogElement.prototype.showModal = function () {
      this.open = true;
    };
    HTMLDialogElement.prototype.close = function () {
      this.open = false;
    };
    const shop = new FakeShop({
      Order: () => ({ order: order('PAID') }),
      Cancel: () => ({ cancelOrder: { order: order('CANCELLED'), userErrors: [] } }),
    });
    visit('/orders/o1');
    fireEvent.click(await screen.findByRole('button', { name: 'Cancel the order' }));
    expect(shop.last('Cancel')).toBeUndefined();
    fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Cancel the order' }));
    await waitFor(() => expect(shop.last('Cancel')).toEqual({ input: { orderId: 'o1', orderKey: null } }));
  });

  it('leads to the page of the bank, and to no other kind of address', async () => {
    const waiting = (redirectUrl: string) => order('PENDING_PAYMENT', { payment: payment({ status: 'ACTION_REQUIRED', gateway: 'PAYPAL', redirectUrl }) });
    const shop = new FakeShop({ Order: () => ({ order: waiting('https://www.paypal.com/pay') }) });
    visit('/orders/o1?key=secret');
    expect((await screen.findByRole('link', { name: 'Pay at PayPal' })).getAttribute('href')).toBe('https://www.paypal.com/pay');
    await screen.findByText('live');
    await shop.tell('OrderUpdated', { orderUpdated: waiting('javascript:alert(1)') });
    expect(screen.queryByRole('link', { name: 'Pay at PayPal' })).toBeNull();
  });

  it("shows Stripe's own fields where Stripe waits for the shopper, with the shop's key", async () => {
    const { makeStripe, elements, confirmPayment, mount } = stripesOwn();
    new FakeShop({
      Order: () => ({ order: order('PENDING_PAYMENT', { payment: payment({ status: 'ACTION_REQUIRED', gateway: 'STRIPE', clientSecret: 'pi_secret' }) }) }),
      StripeKey: () => ({ paymentGateways: [{ gateway: 'STRIPE', publishableKey: 'pk_test', tokens: [] }] }),
    });
    visit('/orders/o1?key=secret');
    const pay = await screen.findByRole('button', { name: 'Pay' });
    await waitFor(() => expect(mount).toHaveBeenCalled());
    expect(makeStripe).toHaveBeenCalledWith('pk_test');
    expect(elements).toHaveBeenCalledWith({ clientSecret: 'pi_secret', locale: 'en' });
    await waitFor(() => expect((pay as HTMLButtonElement).disabled).toBe(false));
    fireEvent.click(pay);
    expect(await screen.findByText(/is being processed/)).toBeTruthy();
    expect(confirmPayment).toHaveBeenCalledWith(expect.objectContaining({ redirect: 'if_required' }));
  });

  it('begins anew with the next client secret, also when the last attempt has been sent', async () => {
    const { elements } = stripesOwn();
    const attempt = (clientSecret: string, more: object = {}) =>
      order('PENDING_PAYMENT', { payment: payment({ status: 'ACTION_REQUIRED', gateway: 'STRIPE', clientSecret, ...more }) });
    const shop = new FakeShop({
      Order: () => ({ order: attempt('pi_1_secret') }),
      StripeKey: () => ({ paymentGateways: [{ gateway: 'STRIPE', publishableKey: 'pk_test', tokens: [] }] }),
    });
    visit('/orders/o1?key=secret');
    const pay = (await screen.findByRole('button', { name: 'Pay' })) as HTMLButtonElement;
    await waitFor(() => expect(pay.disabled).toBe(false));
    fireEvent.click(pay);
    expect(await screen.findByText(/is being processed/)).toBeTruthy();
    await screen.findByText('live');
    // Declined, and asked for again: the same payment with another secret, then another payment.
    for (const [clientSecret, id] of [
      ['pi_2_secret', 'y1'],
      ['pi_3_secret', 'y2'],
    ] as const) {
      await shop.tell('OrderUpdated', { orderUpdated: attempt(clientSecret, { id }) });
      await waitFor(() => expect(elements).toHaveBeenLastCalledWith({ clientSecret, locale: 'en' }));
      expect(screen.queryByText(/is being processed/)).toBeNull();
      expect(await screen.findByRole('button', { name: 'Pay' })).toBeTruthy();
    }
  });

  it("asks who it is where the shop doesn't show the order, and leads back from there", async () => {
    new FakeShop({ Order: () => ({ order: null }) });
    visit('/orders/o2');
    expect(await screen.findByText('Whose order is it?')).toBeTruthy();
    expect(within(screen.getByRole('main')).getByRole('link', { name: 'Sign in' }).getAttribute('href')).toBe('/sign-in?back=%2Forders%2Fo2');
  });
});
