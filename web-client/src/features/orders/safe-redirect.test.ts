import { describe, expect, it } from 'vitest';
import { safeRedirect } from './safe-redirect';

const HERE = 'http://127.0.0.1:4000/orders/1';

describe('where a payment sends the shopper', () => {
  it.each([
    ['https://www.paypal.com/checkoutnow?token=1', 'https://www.paypal.com/checkoutnow?token=1'],
    ['http://127.0.0.1:4000/sandbox/payments/k', 'http://127.0.0.1:4000/sandbox/payments/k'],
    ['/sandbox/payments/k', 'http://127.0.0.1:4000/sandbox/payments/k'],
  ])('%s is gone to', (url, target) => {
    expect(safeRedirect(url, HERE)).toBe(target);
  });

  it.each([null, '', 'javascript:alert(1)', 'data:text/html,x', 'http://evil.test/', 'http://['])('%s is not', (url) => {
    expect(safeRedirect(url, HERE)).toBeNull();
  });
});
