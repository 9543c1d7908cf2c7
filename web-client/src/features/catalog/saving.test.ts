import { describe, expect, it } from 'vitest';
import { saving } from './saving';

describe('what is saved', () => {
  it.each([
    ['3290', '3790', 13],
    ['50', '100', 50],
    ['99.90', '100', 0],
    ['100', null, 0],
    ['100', '90', 0],
  ])('%s instead of %s is %i per cent', (price, before, percent) => {
    expect(saving(price, before)).toBe(percent);
  });
});
