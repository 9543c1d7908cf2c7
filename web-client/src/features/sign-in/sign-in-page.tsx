import type { FormEvent } from 'react';
import { Link, Navigate } from 'react-router';
import { useMutation } from 'urql';
import { guestCartId } from '../../api/cart';
import { useSignedIn } from '../../api/provider';
import { graphql } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Field } from '../../ui/field';
import { useOutcome } from '../../ui/outcome';
import { Refusals } from '../../ui/states';
import { Title } from '../../ui/title';
import { useArrival } from './arrival';

const LogIn = graphql(`
  mutation LogIn($input: LogInInput!) {
    logIn(input: $input) {
      tokens {
        accessToken
        accessTokenExpiresAt
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const FIELDS = ['email', 'password'];

export function SignInPage() {
  const { t } = useLocale();
  const signedIn = useSignedIn();
  const { arrive, back, query } = useArrival();
  const [{ fetching }, logIn] = useMutation(LogIn);
  const { settle, refusalOf, others } = useOutcome();
  if (signedIn) return <Navigate to={back} replace />;

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const input = {
      email: String(form.get('email') ?? '').trim(),
      password: String(form.get('password') ?? ''),
      cookie: true,
      cartId: guestCartId(),
    };
    const { data, error } = await logIn({ input });
    if (settle(data?.logIn, error) && data?.logIn.tokens) arrive(data.logIn.tokens);
  };
  return (
    <section className="narrow">
      <Title of={t.signIn} />
      <h1>{t.signIn}</h1>
      <form className="form panel" onSubmit={submit}>
        <Field label={t.email} name="email" type="email" autoComplete="username" required refusal={refusalOf('email')} />
        <Field label={t.password} name="password" type="password" autoComplete="current-password" required refusal={refusalOf('password')} />
        <Refusals of={others(FIELDS)} />
        <button type="submit" className="button primary" disabled={fetching}>
          {t.signIn}
        </button>
        <Link className="link" to="/forgot-password">
          {t.forgotPassword}
        </Link>
      </form>
      <p className="narrow-links">
        {t.newHere} <Link to={`/register${query}`}>{t.register}</Link>
      </p>
    </section>
  );
}
