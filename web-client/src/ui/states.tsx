// What a page shows while it waits, when it failed, when there is nothing, and when a person can mend something.
import type { ReactNode } from 'react';
import type { CombinedError } from 'urql';
import { useLocale } from '../i18n/locale';

export function Loading() {
  const { t } = useLocale();
  return (
    <div className="state" role="status">
      <div className="spinner" />
      <span className="visually-hidden">{t.loading}</span>
    </div>
  );
}

export function Failure({ error, onRetry }: { error: CombinedError; onRetry?: () => void }) {
  const { t } = useLocale();
  return (
    <div className="state" role="alert">
      <strong>{error.networkError ? t.offlineTitle : t.failed}</strong>
      <p>{error.networkError ? t.offline : t.failedHint}</p>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          {t.tryAgain}
        </button>
      )}
    </div>
  );
}

interface EmptyProps {
  title: string;
  hint?: string;
  /** Whether this is all that the page has, so that its title is the page's heading. */
  isPage?: boolean;
  children?: ReactNode;
}

/** Nothing to show, which is no failure: what it means, and the way on. */
export function Empty({ title, hint, isPage, children }: EmptyProps) {
  return (
    <div className="state">
      <svg viewBox="0 0 96 96" fill="none" strokeWidth="3" strokeLinejoin="round" strokeLinecap="round" aria-hidden="true">
        <path d="M14 40h68l-7 40H21l-7-40Z" fill="#f4ebdb" stroke="#95877a" />
        <path d="m30 40 14-24M66 40 52 16M34 54v14M48 54v14M62 54v14" stroke="#95877a" />
        <path d="M60 22c4-6 10-6 14-2-4 4-10 5-14 2Z" fill="#e0ede2" stroke="#2f6547" />
      </svg>
      {isPage ? <h1>{title}</h1> : <strong>{title}</strong>}
      {hint && <p>{hint}</p>}
      {children}
    </div>
  );
}

export interface Refusal {
  message: string;
  field?: readonly string[] | null;
}

/** What the shop refused, in its own words, which are for the shopper. */
export function Refusals({ of }: { of: readonly Refusal[] }) {
  if (of.length === 0) return null;
  return (
    <ul className="refusals" role="alert">
      {of.map((it) => (
        <li key={it.message}>{it.message}</li>
      ))}
    </ul>
  );
}
