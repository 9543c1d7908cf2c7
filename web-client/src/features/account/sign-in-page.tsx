import { type FormEvent, useState } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { type CombinedError, useMutation } from 'urql';
import { guestCartId, rememberGuestCart } from '../../api/cart';
import { useApi, useSignedIn } from '../../api/provider';
import type { Tokens } from '../../api/session';
import { graphql } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Field } from '../../ui/field';
import { Refusals } from '../../ui/states';

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

interface Refusal {
  message: string;
  field?: readonly string[] | null;
}

export function SignInPage() {
  const { t, locale } = useLocale();
  const { session } = useApi();
  const signedIn = useSignedIn();
  const [params] = useSearchParams();
  const [isNew, setNew] = useState(false);
  const [logging, logIn] = useMutation(LogIn);
  const [registering, register] = useMutation(Register);
  const [refusals, setRefusals] = useState<readonly Refusal[]>([]);

  // Back to where the person was sent from; only to a path of our own.
  const back = params.get('back') ?? '/';
  if (signedIn) return <Navigate to={back.startsWith('/') && !back.startsWith('//') ? back : '/'} replace />;

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const account = { email: text('email'), password: String(form.get('password') ?? ''), cookie: true, cartId: guestCartId() };
    const settle = (error: CombinedError | undefined, payload: { tokens?: Tokens | null; userErrors: readonly Refusal[] } | undefined) => {
      if (payload?.tokens) {
        rememberGuestCart(null);
        session.begin(payload.tokens);
      } else setRefusals(payload?.userErrors ?? [{ message: error?.networkError ? t.offline : t.failed }]);
    };
    if (isNew) {
      const { data, error } = await register({
        input: { ...account, name: text('name'), locale: locale === 'ru' ? 'RU' : 'EN' },
      });
      settle(error, data?.register);
    } else {
      const { data, error } = await logIn({ input: account });
      settle(error, data?.logIn);
    }
  };
  const refusalOf = (field: string) => refusals.find((it) => it.field?.at(-1) === field)?.message;
  const fields = ['email', 'password', 'name'];
  return (
    <section className="narrow">
      <h1>{isNew ? t.register : t.signIn}</h1>
      <form className="form" onSubmit={submit}>
        {isNew && <Field label={t.name} name="name" autoComplete="name" required refusal={refusalOf('name')} />}
        <Field label={t.email} name="email" type="email" autoComplete="email" required refusal={refusalOf('email')} />
        <Field
          label={t.password}
          name="password"
          type="password"
          autoComplete={isNew ? 'new-password' : 'current-password'}
          required
          refusal={refusalOf('password')}
        />
        <Refusals of={refusals.filter((it) => !fields.includes(it.field?.at(-1) ?? ''))} />
        <button type="submit" className="button primary" disabled={logging.fetching || registering.fetching}>
          {isNew ? t.register : t.signIn}
        </button>
      </form>
      <button
        type="button"
        className="link"
        onClick={() => {
          setNew(!isNew);
          setRefusals([]);
        }}
      >
        {isNew ? t.haveAccount : t.newHere}
      </button>
    </section>
  );
}
