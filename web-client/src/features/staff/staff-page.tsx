// The frame of the staff's pages. The shop itself refuses everybody else; here it is only said in words.
import { Navigate, NavLink, Outlet, useLocation } from 'react-router';
import { useMe } from '../../api/me';
import { useSignedIn } from '../../api/provider';
import { useLocale } from '../../i18n/locale';
import { Empty, Loading } from '../../ui/states';
import './staff.css';

export function StaffPage() {
  const { t } = useLocale();
  const signedIn = useSignedIn();
  const me = useMe();
  const { pathname } = useLocation();
  if (!signedIn) return <Navigate to={`/sign-in?back=${encodeURIComponent(pathname)}`} replace />;
  if (!me) return <Loading />;
  if (!me.roles.some((it) => it === 'STAFF' || it === 'ADMIN')) return <Empty isPage title={t.staffOnly} hint={t.staffOnlyHint} />;
  return (
    <>
      <nav className="tabs" aria-label={t.staff}>
        <NavLink to="/staff" end>
          {t.board}
        </NavLink>
        <NavLink to="/staff/stock">{t.stock.title}</NavLink>
      </nav>
      <Outlet />
    </>
  );
}
