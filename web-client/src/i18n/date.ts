import type { LocaleCode } from './locale';

/** A point in time as the person's clock and language say it. */
export function formatDateTime(iso: string, locale: LocaleCode): string {
  return new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }).format(new Date(iso));
}
