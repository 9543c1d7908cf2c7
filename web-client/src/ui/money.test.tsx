import { describe, expect, it } from 'vitest';
import { formatMoney } from './money';

/** Intl puts no-break spaces of two kinds; here they are just spaces. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
  it('is written as the language does', () => {
    expect(plain(formatMoney('12900', 'RUB', 'ru'))).toBe('12 900 ₽');
    expect(plain(formatMoney('12900', 'USD', 'en'))).toBe('$12,900');
    expect(plain(formatMoney('12900', 'RUB', 'en'))).toBe('₽12,900');
  });

  it('shows a fraction only where there is one', () => {
    expect(plain(formatMoney('1290.50', 'RUB', 'ru'))).toBe('1 290,50 ₽');
    expect(plain(formatMoney('1290.00', 'RUB', 'ru'))).toBe('1 290 ₽');
  });
});
