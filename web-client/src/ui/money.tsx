import { type FragmentType, graphql, readFragment } from '../gql';
import { type LocaleCode, useLocale } from '../i18n/locale';

export const MoneyFragment = graphql(`
  fragment Money on Money {
    amount
    currency
  }
`);

/** "1 290 ₽": without the fraction where it is nothing. */
export function formatMoney(amount: string, currency: string, locale: LocaleCode): string {
  const whole = /^-?\d+(\.0*)?$/.test(amount);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    // "₽" in English, too: people know the sign, not the letters.
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: whole ? 0 : 2,
    maximumFractionDigits: whole ? 0 : 2,
  }).format(Number(amount));
}

export function Money({ of }: { of: FragmentType<typeof MoneyFragment> }) {
  const { amount, currency } = readFragment(MoneyFragment, of);
  const { locale } = useLocale();
  return <span className="money">{formatMoney(amount, currency, locale)}</span>;
}

/** What something costs, where it may cost nothing. */
export function Price({ of }: { of: FragmentType<typeof MoneyFragment> }) {
  const { amount } = readFragment(MoneyFragment, of);
  const { t } = useLocale();
  return Number(amount) === 0 ? <span>{t.free}</span> : <Money of={of} />;
}
