import { describe, expect, it } from 'vitest';
import { pictureOf } from './picture-of';

const lamp = [{ alt: 'Hedgehog desk lamp, black' }, { alt: 'Hedgehog desk lamp at home' }, { alt: 'Hedgehog desk lamp, light green' }];

describe('the picture of a variant', () => {
  it('is the one that names it', () => {
    expect(pictureOf('Light green', lamp)).toBe(2);
  });
  it('is found by a part of a longer name', () => {
    expect(pictureOf('Hedgehog desk lamp, light green, 48 cm', lamp)).toBe(2);
  });
  it('is none when no picture names it as a whole', () => {
    expect(pictureOf('Green', lamp)).toBeNull();
    expect(pictureOf('Hedgehog desk lamp', lamp)).toBeNull();
  });
});
