import { useState } from 'react';
import { useMutation } from 'urql';
import { graphql } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { useOutcome } from '../../ui/outcome';
import { Refusals } from '../../ui/states';

const ResendEmailVerification = graphql(`
  mutation ResendEmailVerification {
    resendEmailVerification {
      userErrors {
        code
        message
      }
    }
  }
`);

export function UnverifiedEmail({ email }: { email: string }) {
  const { t } = useLocale();
  const [{ fetching }, resend] = useMutation(ResendEmailVerification);
  const { refusals, settle } = useOutcome();
  const [sent, setSent] = useState(false);
  return (
    <div className="unverified">
      <p>{t.verify.waiting(email)}</p>
      <Refusals of={refusals} />
      <div role="status">{sent && t.verify.sent}</div>
      {!sent && (
        <button
          type="button"
          className="button small"
          disabled={fetching}
          onClick={async () => {
            const { data, error } = await resend({});
            setSent(settle(data?.resendEmailVerification, error));
          }}
        >
          {t.verify.resend}
        </button>
      )}
    </div>
  );
}
