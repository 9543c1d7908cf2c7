import { describe, expect, it } from 'vitest';
import { ahead } from './ahead';

describe('the steps ahead', () => {
  it('are all for a new order', () => {
    expect(ahead('PENDING_PAYMENT')).toEqual(['PAID', 'ASSEMBLED', 'HANDED_TO_DELIVERY', 'DELIVERED']);
  });
  it('are the same while a payment may be tried again', () => {
    expect(ahead('PAYMENT_FAILED')).toEqual(ahead('PENDING_PAYMENT'));
  });
  it.each(['DELIVERED', 'CANCELLED', 'REFUNDED'] as const)('are none after %s', (status) => {
    expect(ahead(status)).toEqual([]);
  });
});
