// What surrounds every page: the name of the shop, the search, the way to the cart and to oneself.
import { Suspense, useEffect, useRef } from 'react';
import { Link, NavLink, Outlet, useLocation, useNavigationType } from 'react-router';
import { CartFragment, useCurrentCart } from '../api/cart';
import { useMe } from '../api/me';
import { useSignedIn } from '../api/provider';
import { readFragment } from '../gql';
import { useLocale } from '../i18n/locale';
import { Boundary } from '../ui/boundary';
import { Icon } from '../ui/icon';
import { Empty, Loading } from '../ui/states';
import { Bell } from './bell';
import './layout.css';
import { LocaleSwitch } from './locale-switch';
import { SearchBox } from './search-box';

export function Layout() {
  const { t } = useLocale();
  const { pathname } = useLocation();
  const content = useArrival(pathname);
  const broken = (
    <Empty title={t.failed} hint={t.failedHint}>
      <a className="button" href={pathname}>
        {t.tryAgain}
      </a>
    </Empty>
  );
  return (
    <>
      <title>{`${t.shopName} — ${t.tagline}`}</title>
      <a className="skip" href="#content">
        {t.skipToContent}
      </a>
      <header className="header">
        <div className="header-row">
          <Link to="/" className="brand">
            <img src="/icon.svg" alt="" width={40} height={40} />
            <span>
              <strong>{t.shopName}</strong>
              <small>{t.tagline}</small>
            </span>
          </Link>
          <SearchBox />
          <nav className="header-nav" aria-label={t.yourThings}>
            <Person />
            <CartLink />
          </nav>
        </div>
        <div className="awning" aria-hidden="true" />
      </header>
      <main className="main" id="content" tabIndex={-1} ref={content}>
        <Boundary place={pathname} fallback={broken}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </Boundary>
      </main>
      <footer className="footer">
        <div className="footer-row">
          <p>{t.footer}</p>
          <LocaleSwitch />
        </div>
      </footer>
    </>
  );
}

/** A new page begins at its top, and a screen reader at its content; going back finds the place where one was. */
function useArrival(pathname: string) {
  const content = useRef<HTMLElement>(null);
  const isBack = useNavigationType() === 'POP';
  useEffect(() => {
    if (isBack) return;
    scrollTo(0, 0);
    content.current?.focus({ preventScroll: true });
  }, [pathname, isBack]);
  return content;
}

function Person() {
  const { t } = useLocale();
  const signedIn = useSignedIn();
  const me = useMe();
  if (!signedIn) {
    return (
      <NavLink to="/sign-in" className="nav-item">
        <Icon of="person" />
        <span>{t.signIn}</span>
      </NavLink>
    );
  }
  const isStaff = me?.roles.some((it) => it !== 'CUSTOMER');
  return (
    <>
      {isStaff && (
        <NavLink to="/staff" className="nav-item">
          <Icon of="crate" />
          <span>{t.staff}</span>
        </NavLink>
      )}
      <Bell />
      <NavLink to="/account" className="nav-item">
        <Icon of="person" />
        <span>{t.account.short}</span>
      </NavLink>
    </>
  );
}

function CartLink() {
  const { t } = useLocale();
  const { cart } = useCurrentCart();
  const count = readFragment(CartFragment, cart)?.itemCount ?? 0;
  return (
    <NavLink to="/cart" className="nav-item">
      <Icon of="basket" />
      <span>{t.cart}</span>
      {count > 0 && (
        <span className="badge" data-testid="cart-count">
          {count}
        </span>
      )}
    </NavLink>
  );
}
