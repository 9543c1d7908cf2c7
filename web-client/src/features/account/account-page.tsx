// The frame of a person's own pages: who they are, and the way between them.
import { Navigate, NavLink, Outlet, useLocation } from 'react-router';
import { useMutation } from 'urql';
import { useMe } from '../../api/me';
import { useApi, useSignedIn } from '../../api/provider';
import { graphql } from '../../gql';
import { useLocale } from '../../i18n/locale';
import { useInView } from '../../ui/in-view';
import './account.css';

const LogOut = graphql(`
  mutation LogOut {
    logOut(input: {}) {
      userErrors {
        message
      }
    }
  }
`);

export function AccountPage() {
  const { t } = useLocale();
  const { session } = useApi();
  const signedIn = useSignedIn();
  const me = useMe();
  const { pathname } = useLocation();
  const [, logOut] = useMutation(LogOut);
  const nav = useInView(pathname);
  if (!signedIn) return <Navigate to={`/sign-in?back=${encodeURIComponent(pathname)}`} replace />;
  const pages = [
    ['orders', t.myOrders],
    ['notifications', t.notifications],
    ['profile', t.account.profile],
    ['addresses', t.account.addresses],
    ['security', t.account.security],
  ] as const;
  return (
    <div className="account">
      <aside>
        {me && (
          <p className="account-person">
            <strong>{me.name}</strong>
            <small>{me.email}</small>
          </p>
        )}
        <nav aria-label={t.account.title} ref={nav}>
          {pages.map(([path, title]) => (
            <NavLink key={path} to={path}>
              {title}
            </NavLink>
          ))}
          <button
            type="button"
            onClick={async () => {
              await logOut({});
              session.end();
            }}
          >
            {t.signOut}
          </button>
        </nav>
      </aside>
      <div>
        <Outlet />
      </div>
    </div>
  );
}
