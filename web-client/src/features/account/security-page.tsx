import { type FormEvent, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { useApi } from '../../api/provider';
import { graphql } from '../../gql';
import { formatDateTime } from '../../i18n/date';
import { useLocale } from '../../i18n/locale';
import { Field } from '../../ui/field';
import { useOutcome } from '../../ui/outcome';
import { Failure, Loading, Refusals } from '../../ui/states';
import { Title } from '../../ui/title';

const Sessions = graphql(`
  query Sessions {
    me {
      id
      sessions {
        id
        device
        ip
        createdAt
        lastUsedAt
        current
      }
    }
  }
`);

const RevokeSession = graphql(`
  mutation RevokeSession($input: RevokeSessionInput!) {
    revokeSession(input: $input) {
      user {
        id
        sessions {
          id
        }
      }
      userErrors {
        code
        message
      }
    }
  }
`);

const LogOutEverywhere = graphql(`
  mutation LogOutEverywhere {
    logOut(input: { everywhere: true }) {
      userErrors {
        code
        message
      }
    }
  }
`);

const ChangePassword = graphql(`
  mutation ChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      userErrors {
        code
        message
        field
      }
    }
  }
`);

export function SecurityPage() {
  const { t } = useLocale();
  return (
    <section>
      <Title of={t.account.security} />
      <h1>{t.account.security}</h1>
      <PasswordForm />
      <SessionList />
    </section>
  );
}

const FIELDS = ['currentPassword', 'newPassword'];

function PasswordForm() {
  const { t } = useLocale();
  const [{ fetching }, change] = useMutation(ChangePassword);
  const { settle, refusalOf, others } = useOutcome();
  const [changed, setChanged] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    setChanged(false);
    const form = new FormData(element);
    const input = { currentPassword: String(form.get('currentPassword') ?? ''), newPassword: String(form.get('newPassword') ?? '') };
    const { data, error } = await change({ input }, { additionalTypenames: ['Session'] });
    if (!settle(data?.changePassword, error)) return;
    element.reset();
    setChanged(true);
  };
  return (
    <form className="form panel account-form" onSubmit={submit}>
      <h2>{t.account.changePassword}</h2>
      <Field
        label={t.account.currentPassword}
        name="currentPassword"
        type="password"
        autoComplete="current-password"
        required
        refusal={refusalOf('currentPassword')}
      />
      <Field label={t.reset.newPassword} name="newPassword" type="password" autoComplete="new-password" required hint={t.passwordHint} refusal={refusalOf('newPassword')} />
      <Refusals of={others(FIELDS)} />
      <div className="form-end">
        <button type="submit" className="button primary" disabled={fetching}>
          {t.account.changePassword}
        </button>
        <span role="status">{changed && t.account.passwordChanged}</span>
      </div>
    </form>
  );
}

function SessionList() {
  const { t, locale } = useLocale();
  const { session } = useApi();
  const [{ data, error }, retry] = useQuery({ query: Sessions, requestPolicy: 'cache-and-network' });
  const [{ fetching }, revoke] = useMutation(RevokeSession);
  const [, logOutEverywhere] = useMutation(LogOutEverywhere);
  const { refusals, settle } = useOutcome();
  if (error && !data) return <Failure error={error} onRetry={() => retry({ requestPolicy: 'network-only' })} />;
  if (!data?.me) return <Loading />;
  const { sessions } = data.me;
  return (
    <section className="panel account-form">
      <h2>{t.account.sessions}</h2>
      <ul className="rows">
        {sessions.map((it) => (
          <li key={it.id} className="session-row">
            <span>
              <strong>{it.device ?? t.account.unknownDevice}</strong>
              <small>
                {it.ip && `${it.ip} · `}
                {t.account.lastUsed} {formatDateTime(it.lastUsedAt, locale)}
              </small>
            </span>
            {it.current ? (
              <span className="status PAID">{t.account.thisDevice}</span>
            ) : (
              <button
                type="button"
                className="button small"
                disabled={fetching}
                onClick={async () => {
                  const { data, error } = await revoke({ input: { sessionId: it.id } });
                  settle(data?.revokeSession, error);
                }}
              >
                {t.account.endSession}
              </button>
            )}
          </li>
        ))}
      </ul>
      <Refusals of={refusals} />
      <p className="form-end">
        <button
          type="button"
          className="button"
          onClick={async () => {
            const { data, error } = await logOutEverywhere({});
            if (settle(data?.logOut, error)) session.end();
          }}
        >
          {t.account.signOutEverywhere}
        </button>
      </p>
    </section>
  );
}
