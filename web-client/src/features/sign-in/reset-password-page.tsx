// Where the letter about a forgotten password leads.
import { type FormEvent, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useMutation } from 'urql';
import { useApi } from '../../api/provider';
import { graphql } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Field } from '../../ui/field';
import { useOutcome } from '../../ui/outcome';
import { Refusals } from '../../ui/states';
import { Title } from '../../ui/title';

const ResetPassword = graphql(`
  mutation ResetPassword($input: ResetPasswordInput!) {
    resetPassword(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export function ResetPasswordPage() {
  const { t } = useLocale();
  const { session } = useApi();
  const [params] = useSearchParams();
  const token = params.get('token') ?? '';
  const [{ fetching }, reset] = useMutation(ResetPassword);
  const { settle, refusalOf, others } = useOutcome();
  const [done, setDone] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const newPassword = String(new FormData(event.currentTarget).get('password') ?? '');
    const { data, error } = await reset({ input: { token, newPassword } });
    if (!settle(data?.resetPassword, error)) return;
    setDone(true);
    // The shop has ended all sessions of the account, this browser's too if it was that person's.
    session.end();
  };
  return (
    <section className="narrow">
      <Title of={t.reset.choose} />
      <h1>{t.reset.choose}</h1>
      {done ? (
        <div className="panel form" role="status">
          <p className="notice">{t.reset.done}</p>
          <Link className="button primary" to="/sign-in">
            {t.signIn}
          </Link>
        </div>
      ) : (
        <form className="form panel" onSubmit={submit}>
          <Field
            label={t.reset.newPassword}
            name="password"
            type="password"
            autoComplete="new-password"
            required
            hint={t.passwordHint}
            refusal={refusalOf('newPassword')}
          />
          <Refusals of={others(['newPassword'])} />
          <button type="submit" className="button primary" disabled={fetching}>
            {t.reset.save}
          </button>
        </form>
      )}
      {!done && (
        <p className="narrow-links">
          <Link to="/forgot-password">{t.reset.another}</Link>
        </p>
      )}
    </section>
  );
}
