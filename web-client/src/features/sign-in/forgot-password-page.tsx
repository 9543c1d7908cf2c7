import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import { useMutation } from 'urql';
import { graphql } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Field } from '../../ui/field';
import { useOutcome } from '../../ui/outcome';
import { Refusals } from '../../ui/states';
import { Title } from '../../ui/title';

const RequestPasswordReset = graphql(`
  mutation RequestPasswordReset($input: RequestPasswordResetInput!) {
    requestPasswordReset(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export function ForgotPasswordPage() {
  const { t } = useLocale();
  const [{ fetching }, request] = useMutation(RequestPasswordReset);
  const { settle, refusalOf, others } = useOutcome();
  const [sentTo, setSentTo] = useState<string | null>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const email = String(new FormData(event.currentTarget).get('email') ?? '').trim();
    const { data, error } = await request({ input: { email } });
    if (settle(data?.requestPasswordReset, error)) setSentTo(email);
  };
  return (
    <section className="narrow">
      <Title of={t.reset.title} />
      <h1>{t.reset.title}</h1>
      {sentTo ? (
        <div className="panel" role="status">
          {/* As the shop answers: whether the address is known, it doesn't tell. */}
          <p>{t.reset.sent(sentTo)}</p>
          <p className="hint">{t.reset.notArrived}</p>
        </div>
      ) : (
        <form className="form panel" onSubmit={submit}>
          <p className="hint">{t.reset.hint}</p>
          <Field label={t.email} name="email" type="email" autoComplete="username" required refusal={refusalOf('email')} />
          <Refusals of={others(['email'])} />
          <button type="submit" className="button primary" disabled={fetching}>
            {t.reset.send}
          </button>
        </form>
      )}
      <p className="narrow-links">
        <Link to="/sign-in">{t.reset.back}</Link>
      </p>
    </section>
  );
}
