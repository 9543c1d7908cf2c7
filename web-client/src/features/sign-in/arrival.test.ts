import { describe, expect, it } from 'vitest';
import { backFrom } from './arrival';

describe('the way back after signing in', () => {
  it.each([
    ['/checkout', '/checkout'],
    ['/orders/1?key=a', '/orders/1?key=a'],
    [null, '/'],
    ['https://evil.test/', '/'],
    ['//evil.test/', '/'],
    ['/\\evil.test/', '/'],
    ['javascript:alert(1)', '/'],
  ])('%s leads to %s', (given, back) => {
    expect(backFrom(new URLSearchParams(given === null ? {} : { back: given }))).toBe(back);
  });
});
