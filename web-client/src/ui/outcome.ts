import { useCallback, useState } from 'react';
import type { CombinedError } from 'urql';
import { useLocale } from '../i18n/locale';
import type { Refusal } from './states';

interface Payload {
  userErrors: readonly Refusal[];
}

/**
 * What became of the last mutation: `settle` takes its answer and tells whether it was done; what was refused, or that
 * there was no answer, is kept to be shown.
 */
export function useOutcome() {
  const { t } = useLocale();
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);
  const settle = useCallback(
    (payload: Payload | null | undefined, error?: CombinedError): boolean => {
      const refused = payload ? payload.userErrors : [{ message: error?.networkError ? t.offline : t.failed }];
      setRefusals(refused);
      return refused.length === 0;
    },
    [t],
  );
  const refusalOf = (field: string): string | undefined => refusals.find((it) => it.field?.at(-1) === field)?.message;
  /** Those that no field of these shows. */
  const others = (fields: readonly string[]) => refusals.filter((it) => !fields.includes(it.field?.at(-1) ?? ''));
  return { refusals, settle, refusalOf, others, clear: useCallback(() => setRefusals([]), []) };
}
