import { describe, expect, it } from 'vitest';
import { valueText } from './value-text';

const t = { yes: 'yes', no: 'no' };

describe("an attribute's value", () => {
  it.each([
    [true, null, 'yes'],
    [40, 'W', '40 W'],
    ['oak', null, 'oak'],
    [['red', 'blue'], null, 'red, blue'],
    [{ deep: 1 }, null, '{"deep":1}'],
  ])('%j with unit %j reads %j', (value, unit, text) => {
    expect(valueText(value, t, unit)).toBe(text);
  });
});
