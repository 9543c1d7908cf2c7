import { type FragmentType, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { formatMoney, MoneyFragment } from '../../ui/money';
import { add } from './add';

type Sum = FragmentType<typeof MoneyFragment>;

/** What there will be to pay. The shop counts it again; a store sells in one currency. */
export function Total({ goods: maskedGoods, shipping: maskedShipping }: { goods: Sum; shipping: Sum }) {
  const { t, locale } = useLocale();
  const goods = readFragment(MoneyFragment, maskedGoods);
  const shipping = readFragment(MoneyFragment, maskedShipping);
  return (
    <p className="sum total" aria-live="polite">
      <span>{t.total}</span>
      <span className="money">{formatMoney(add(goods.amount, shipping.amount), goods.currency, locale)}</span>
    </p>
  );
}
