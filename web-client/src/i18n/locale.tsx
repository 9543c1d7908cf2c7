// The language of the page: chosen by the person, else by the browser; remembered.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { en } from './messages.en';
import { ru } from './messages.ru';

export type LocaleCode = 'ru' | 'en';
export type Messages = typeof en;

const STORED = 'lavka.locale';
const messages: Record<LocaleCode, Messages> = { ru, en };

interface LocaleValue {
  locale: LocaleCode;
  t: Messages;
  choose: (locale: LocaleCode) => void;
}

const LocaleContext = createContext<LocaleValue | null>(null);

export function initialLocale(stored: string | null, browser: readonly string[]): LocaleCode {
  if (stored === 'ru' || stored === 'en') return stored;
  return browser[0]?.toLowerCase().startsWith('ru') ? 'ru' : 'en';
}

export function LocaleProvider({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useState(() =>
    initialLocale(localStorage.getItem(STORED), navigator.languages),
  );
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  const value = useMemo(
    () => ({
      locale,
      t: messages[locale],
      choose: (chosen: LocaleCode) => {
        localStorage.setItem(STORED, chosen);
        setLocale(chosen);
      },
    }),
    [locale],
  );
  return <LocaleContext.Provider value={value}>{children}</LocaleContext.Provider>;
}

export function useLocale(): LocaleValue {
  const value = useContext(LocaleContext);
  if (!value) throw new Error('useLocale outside of LocaleProvider');
  return value;
}

/** The form of a Russian or English noun for a number: `plural('ru', 3, ['товар', 'товара', 'товаров'])`. */
export function plural(locale: LocaleCode, count: number, forms: readonly [string, string, string]): string {
  const rule = new Intl.PluralRules(locale).select(count);
  return rule === 'one' ? forms[0] : rule === 'few' ? forms[1] : forms[2];
}
