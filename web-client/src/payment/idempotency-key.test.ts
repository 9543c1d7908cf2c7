import { describe, expect, it } from 'vitest';
import { IdempotencyKey, randomKey } from './idempotency-key';

describe('the key of an order', () => {
  const keys = () => {
    let count = 0;
    return new IdempotencyKey(() => `key ${++count}`);
  };

  it('is the same for the same order, sent twice', () => {
    const key = keys();
    expect(key.of({ sku: 'lamp', quantity: 1 })).toBe('key 1');
    expect(key.of({ sku: 'lamp', quantity: 1 })).toBe('key 1');
  });

  it('is another for another order', () => {
    const key = keys();
    key.of({ sku: 'lamp', quantity: 1 });
    expect(key.of({ sku: 'lamp', quantity: 2 })).toBe('key 2');
  });

  it('can not be guessed', () => {
    expect(randomKey()).toMatch(/^[0-9a-f]{32}$/);
    expect(randomKey()).not.toBe(randomKey());
  });
});
