// What a page shows while it waits, when it failed, and when a person can mend something.
import type { CombinedError } from 'urql';
import { useLocale } from '../i18n/locale';

export function Loading() {
  const { t } = useLocale();
  return (
    <p className="state" role="status">
      {t.loading}
    </p>
  );
}

export function Failure({ error, onRetry }: { error: CombinedError; onRetry?: () => void }) {
  const { t } = useLocale();
  return (
    <div className="state" role="alert">
      <p>{error.networkError ? t.offline : t.failed}</p>
      {onRetry && (
        <button type="button" className="button quiet" onClick={onRetry}>
          {t.tryAgain}
        </button>
      )}
    </div>
  );
}

/** What the shop refused, in its own words, which are for the shopper. */
export function Refusals({ of }: { of: readonly { message: string }[] }) {
  if (of.length === 0) return null;
  return (
    <ul className="refusals" role="alert">
      {of.map((it) => (
        <li key={it.message}>{it.message}</li>
      ))}
    </ul>
  );
}
