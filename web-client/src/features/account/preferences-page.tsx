// By which ways a person wants to hear of what. Every change is saved as it is made.
import { type FormEvent, useId, useState } from 'react';
import { Link } from 'react-router';
import { useMutation, useQuery } from 'urql';
import { type FragmentType, graphql, readFragment } from '../../gql';
import type { UpdateNotificationPreferencesInput } from '../../gql/graphql';
import { useLocale } from '../../i18n/locale';
import { Field } from '../../ui/field';
import { useOutcome } from '../../ui/outcome';
import { Failure, Loading, Refusals } from '../../ui/states';
import { Title } from '../../ui/title';

const PreferencesFragment = graphql(`
  fragment Preferences on NotificationPreferences {
    email
    sms
    push
    quietHours {
      from
      to
      timeZone
    }
    kinds {
      kind
      email
      sms
      push
    }
  }
`);

const PreferencesQuery = graphql(`
  query PreferencesOfMine {
    me {
      id
      phone
      notificationPreferences {
        ...Preferences
      }
    }
  }
`);

const UpdatePreferences = graphql(`
  mutation UpdatePreferences($input: UpdateNotificationPreferencesInput!) {
    updateNotificationPreferences(input: $input) {
      preferences {
        ...Preferences
      }
      userErrors {
        code
        message
        field
      }
    }
  }
`);

const CHANNELS = ['email', 'sms', 'push'] as const;

export function PreferencesPage() {
  const { t } = useLocale();
  const [{ data, error }, retry] = useQuery({ query: PreferencesQuery, requestPolicy: 'cache-and-network' });
  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (!data?.me) return <Loading />;
  return (
    <section>
      <Title of={t.account.preferences} />
      <p className="crumbs">
        <Link to="/account/notifications">{t.notifications}</Link>
      </p>
      <h1>{t.account.preferences}</h1>
      <PreferencesForm preferences={data.me.notificationPreferences} />
    </section>
  );
}

function PreferencesForm({ preferences: masked }: { preferences: FragmentType<typeof PreferencesFragment> }) {
  const { t } = useLocale();
  const preferences = readFragment(PreferencesFragment, masked);
  const [{ fetching }, update] = useMutation(UpdatePreferences);
  const { refusals, settle } = useOutcome();
  const [saved, setSaved] = useState(false);
  const save = async (input: UpdateNotificationPreferencesInput) => {
    setSaved(false);
    const { data, error } = await update({ input });
    setSaved(settle(data?.updateNotificationPreferences, error));
  };
  return (
    <>
      <div className="panel account-form" aria-busy={fetching}>
        <table className="preferences">
          <caption className="visually-hidden">{t.account.preferences}</caption>
          <thead>
            <tr>
              <th scope="col">{t.account.about}</th>
              {CHANNELS.map((it) => (
                <th key={it} scope="col">
                  {t.account.channels[it]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr className="whole">
              <th scope="row">{t.account.everything}</th>
              {CHANNELS.map((it) => (
                <Cell key={it} label={`${t.account.everything}, ${t.account.channels[it]}`} checked={preferences[it]} onChange={(checked) => void save({ [it]: checked })} />
              ))}
            </tr>
            {preferences.kinds
              // What keeps an account safe is always sent.
              .filter((it) => it.kind !== 'EMAIL_VERIFICATION' && it.kind !== 'PASSWORD_RESET')
              .map((kind) => (
                <tr key={kind.kind}>
                  <th scope="row">{t.account.kinds[kind.kind]}</th>
                  {CHANNELS.map((it) => (
                    <Cell
                      key={it}
                      label={`${t.account.kinds[kind.kind]}, ${t.account.channels[it]}`}
                      checked={kind[it]}
                      disabled={!preferences[it]}
                      onChange={(checked) => void save({ kinds: [{ kind: kind.kind, [it]: checked }] })}
                    />
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
        <Refusals of={refusals} />
        <p className="hint" role="status">
          {saved ? t.saved : t.account.alwaysSent}
        </p>
      </div>
      <QuietHours hours={preferences.quietHours ?? null} />
    </>
  );
}

interface CellProps {
  label: string;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

function Cell({ label, checked, disabled, onChange }: CellProps) {
  return (
    <td>
      <label>
        <input type="checkbox" aria-label={label} checked={checked} disabled={disabled} onChange={(event) => onChange(event.target.checked)} />
      </label>
    </td>
  );
}

const NIGHT = { from: '22:00', to: '08:00' };
const FIELDS = ['from', 'to', 'timeZone'];

function QuietHours({ hours }: { hours: { from: string; to: string; timeZone: string } | null }) {
  const { t } = useLocale();
  const id = useId();
  const [{ fetching }, update] = useMutation(UpdatePreferences);
  const { settle, refusalOf, others } = useOutcome();
  const [wanted, setWanted] = useState(hours !== null);
  const [saved, setSaved] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setSaved(false);
    const form = new FormData(event.currentTarget);
    const quietHours = wanted
      ? { from: String(form.get('from') ?? ''), to: String(form.get('to') ?? ''), timeZone: hours?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone }
      : null;
    const { data, error } = await update({ input: { quietHours } });
    setSaved(settle(data?.updateNotificationPreferences, error));
  };
  return (
    <form className="panel form account-form" onSubmit={submit} aria-labelledby={id}>
      <h2 id={id}>{t.account.quietHours}</h2>
      <label className="check">
        <input type="checkbox" checked={wanted} onChange={(event) => setWanted(event.target.checked)} />
        <span>{t.account.quietHoursWanted}</span>
      </label>
      {wanted && (
        <div className="pair">
          <Field label={t.account.quietFrom} name="from" type="time" defaultValue={hours?.from ?? NIGHT.from} required refusal={refusalOf('from')} />
          <Field label={t.account.quietTo} name="to" type="time" defaultValue={hours?.to ?? NIGHT.to} required refusal={refusalOf('to')} />
        </div>
      )}
      <Refusals of={others(FIELDS)} />
      <div className="form-end">
        <button type="submit" className="button" disabled={fetching}>
          {t.save}
        </button>
        <span role="status">{saved && t.saved}</span>
      </div>
    </form>
  );
}
