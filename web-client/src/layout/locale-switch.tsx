import { useLocale } from '../i18n/locale';

const LANGUAGES = [
  ['ru', 'Русский'],
  ['en', 'English'],
] as const;

export function LocaleSwitch() {
  const { locale, t, choose } = useLocale();
  return (
    <div className="languages" role="group" aria-label={t.language}>
      {LANGUAGES.map(([code, name]) => (
        <button key={code} type="button" lang={code} aria-pressed={code === locale} onClick={() => choose(code)}>
          {name}
        </button>
      ))}
    </div>
  );
}
