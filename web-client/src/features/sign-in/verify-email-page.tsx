// Where the letter that confirms an address leads. The press of a button confirms, not the visit: programs that look through
// people's mail visit every link.
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useMutation } from 'urql';
import { graphql } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { useOutcome } from '../../ui/outcome';
import { Refusals } from '../../ui/states';
import { Title } from '../../ui/title';

const VerifyEmail = graphql(`
  mutation VerifyEmail($input: VerifyEmailInput!) {
    verifyEmail(input: $input) {
      user {
        id
        email
        emailVerified
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export function VerifyEmailPage() {
  const { t } = useLocale();
  const [params] = useSearchParams();
  const token = params.get('token') ?? '';
  const [{ fetching }, verify] = useMutation(VerifyEmail);
  const { refusals, settle } = useOutcome();
  const [verified, setVerified] = useState<string | null>(null);

  const confirm = async () => {
    const { data, error } = await verify({ input: { token } });
    if (settle(data?.verifyEmail, error)) setVerified(data?.verifyEmail.user?.email ?? '');
  };
  return (
    <section className="narrow">
      <Title of={t.verify.title} />
      <h1>{t.verify.title}</h1>
      <div className="panel form">
        {verified !== null ? (
          <div className="form" role="status">
            <p className="notice">{t.verify.done(verified)}</p>
            <Link className="button primary" to="/">
              {t.backToShop}
            </Link>
          </div>
        ) : (
          <>
            <p className="hint">{t.verify.hint}</p>
            <Refusals of={refusals} />
            <button type="button" className="button primary" disabled={fetching} onClick={() => void confirm()}>
              {t.verify.confirm}
            </button>
            {refusals.length > 0 && (
              <p className="hint">
                <Link to="/account/profile">{t.verify.another}</Link>
              </p>
            )}
          </>
        )}
      </div>
    </section>
  );
}
