import type { Messages } from '../../i18n/locale';

/** An attribute's value, which may be any JSON, as a person reads it. */
export function valueText(value: unknown, t: Pick<Messages, 'yes' | 'no'>, unit?: string | null): string {
  const text =
    typeof value === 'boolean'
      ? value
        ? t.yes
        : t.no
      : Array.isArray(value)
        ? value.map((it) => valueText(it, t)).join(', ')
        : typeof value === 'string' || typeof value === 'number'
          ? String(value)
          : JSON.stringify(value);
  return unit ? `${text} ${unit}` : text;
}
