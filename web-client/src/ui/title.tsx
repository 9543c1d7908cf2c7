import { useLocale } from '../i18n/locale';

/** The name of the page in the window's title, before the shop's. React puts it where it belongs. */
export function Title({ of }: { of: string }) {
  const { t } = useLocale();
  return <title>{`${of} · ${t.shopName}`}</title>;
}
