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

const Register = graphql(`
  mutation Register($input: RegisterInput!) {
    register(input: $input) {
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

const FIELDS = ['name', 'email', 'password'];

export function RegisterPage() {
  const { t, locale } = useLocale();
  const signedIn = useSignedIn();
  const { arrive, back, query } = useArrival();
  const [{ fetching }, register] = useMutation(Register);
  const { settle, refusalOf, others } = useOutcome();
  if (signedIn) return <Navigate to={back} replace />;

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const input = {
      name: String(form.get('name') ?? '').trim(),
      email: String(form.get('email') ?? '').trim(),
      password: String(form.get('password') ?? ''),
      // Letters come in the language in which the person met the shop.
      locale: locale === 'ru' ? ('RU' as const) : ('EN' as const),
      cookie: true,
      cartId: guestCartId(),
    };
    const { data, error } = await register({ input });
    if (settle(data?.register, error) && data?.register.tokens) arrive(data.register.tokens);
  };
  return (
    <section className="narrow">
      <Title of={t.register} />
      <h1>{t.register}</h1>
      <form className="form panel" onSubmit={submit}>
        <Field label={t.name} name="name" autoComplete="name" required refusal={refusalOf('name')} />
        <Field label={t.email} name="email" type="email" autoComplete="email" required refusal={refusalOf('email')} />
        <Field label={t.password} name="password" type="password" autoComplete="new-password" required hint={t.passwordHint} refusal={refusalOf('password')} />
        <Refusals of={others(FIELDS)} />
        <button type="submit" className="button primary" disabled={fetching}>
          {t.register}
        </button>
      </form>
      <p className="narrow-links">
        {t.haveAccount} <Link to={`/sign-in${query}`}>{t.signIn}</Link>
      </p>
    </section>
  );
}
