import { describe, expect, it } from 'vitest';
import { add } from './add';

describe('what an order will cost', () => {
  it.each([
    ['4290', '350', '4640'],
    ['0.1', '0.2', '0.3'],
    ['4290.50', '0', '4290.50'],
    ['0.05', '0.9', '0.95'],
    ['9007199254740993', '0.01', '9007199254740993.01'],
  ])('%s and %s are %s, to the last kopeck', (goods, shipping, sum) => {
    expect(add(goods, shipping)).toBe(sum);
  });
});
