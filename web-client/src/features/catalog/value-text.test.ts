import { describe, expect, it } from 'vitest';
import { en } from '../../i18n/messages.en';
import { ru } from '../../i18n/messages.ru';
import { valueText } from './value-text';

describe("an attribute's value", () => {
  it.each([
    [true, null, 'yes'],
    [40, 'W', '40\u00a0W'],
    ['oak', null, 'oak'],
    [['red', 'blue'], null, 'red, blue'],
    [{ deep: 1 }, null, '{"deep":1}'],
  ])('%j with unit %j reads %j', (value, unit, text) => {
    expect(valueText(value, en, unit)).toBe(text);
  });

  it('is written as the language does, its unit too', () => {
    expect(valueText(1.8, ru, 'm')).toBe('1,8\u00a0м');
    expect(valueText(7, ru, 'parsec')).toBe('7\u00a0parsec');
  });
});
