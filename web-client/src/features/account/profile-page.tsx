import { type FormEvent, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { type FragmentType, graphql, readFragment } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { Field } from '../../ui/field';
import { useOutcome } from '../../ui/outcome';
import { Failure, Loading, Refusals } from '../../ui/states';
import { Title } from '../../ui/title';
import { UnverifiedEmail } from './unverified-email';

const ProfileFragment = graphql(`
  fragment Profile on User {
    id
    name
    email
    emailVerified
    phone
    locale
  }
`);

const ProfileQuery = graphql(`
  query ProfileOfMine {
    me {
      id
      ...Profile
    }
  }
`);

const UpdateProfile = graphql(`
  mutation UpdateProfile($input: UpdateProfileInput!) {
    updateProfile(input: $input) {
      user {
        ...Profile
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export function ProfilePage() {
  const { t } = useLocale();
  const [{ data, error }, retry] = useQuery({ query: ProfileQuery, requestPolicy: 'cache-and-network' });
  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (!data?.me) return <Loading />;
  return (
    <section>
      <Title of={t.account.profile} />
      <h1>{t.account.profile}</h1>
      <ProfileForm me={data.me} />
    </section>
  );
}

const FIELDS = ['name', 'email', 'phone'];

function ProfileForm({ me: masked }: { me: FragmentType<typeof ProfileFragment> }) {
  const { t } = useLocale();
  const me = readFragment(ProfileFragment, masked);
  const [{ fetching }, update] = useMutation(UpdateProfile);
  const { settle, refusalOf, others } = useOutcome();
  const [saved, setSaved] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setSaved(false);
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const input = {
      name: text('name'),
      email: text('email'),
      // An empty one takes the number out.
      phone: text('phone'),
      locale: text('locale') === 'RU' ? ('RU' as const) : ('EN' as const),
    };
    const { data, error } = await update({ input });
    setSaved(settle(data?.updateProfile, error));
  };
  return (
    <form className="form panel account-form" onSubmit={submit}>
      {!me.emailVerified && <UnverifiedEmail email={me.email} />}
      <Field label={t.name} name="name" autoComplete="name" defaultValue={me.name} required refusal={refusalOf('name')} />
      <Field label={t.email} name="email" type="email" autoComplete="email" defaultValue={me.email} required refusal={refusalOf('email')} />
      <Field label={t.phone} name="phone" type="tel" autoComplete="tel" defaultValue={me.phone ?? ''} refusal={refusalOf('phone')} />
      <fieldset>
        <legend>{t.account.lettersIn}</legend>
        {(['RU', 'EN'] as const).map((it) => (
          <label key={it} className="check">
            <input type="radio" name="locale" value={it} defaultChecked={me.locale === it} />
            <span>{it === 'RU' ? 'Русский' : 'English'}</span>
          </label>
        ))}
      </fieldset>
      <Refusals of={others(FIELDS)} />
      <div className="form-end">
        <button type="submit" className="button primary" disabled={fetching}>
          {t.save}
        </button>
        <span role="status">{saved && t.saved}</span>
      </div>
    </form>
  );
}
