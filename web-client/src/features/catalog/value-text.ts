import type { Messages } from '../../i18n/locale';

/** An attribute's value, which may be any JSON, as a person reads it. */
export function valueText(value: unknown, t: Pick<Messages, 'yes' | 'no' | 'number' | 'units'>, unit?: string | null): string {
  const text =
    typeof value === 'boolean'
      ? value
        ? t.yes
        : t.no
      : Array.isArray(value)
        ? value.map((it) => valueText(it, t)).join(', ')
        : typeof value === 'number'
          ? t.number(value)
          : typeof value === 'string'
            ? value
            : JSON.stringify(value);
  // No line ends between a number and its unit.
  return unit ? `${text}\u00a0${t.units[unit] ?? unit}` : text;
}
