// What surrounds every page: the name of the shop, the search, the way to the cart and to oneself.
import { type FormEvent, useEffect, useState } from 'react';
import { Link, NavLink, Outlet, useLocation, useNavigate, useSearchParams } from 'react-router';
import { useMutation, useQuery } from 'urql';
import { CartFragment, useCurrentCart } from './api/cart';
import { useApi, useSignedIn } from './api/provider';
import { graphql, readFragment } from './gql';
import { useLocale } from './i18n/locale';

export function Layout() {
  const { t } = useLocale();
  const { pathname } = useLocation();
  useEffect(() => {
    scrollTo(0, 0);
  }, [pathname]);
  return (
    <>
      <header className="header">
        <div className="header-row">
          <Link to="/" className="brand">
            <img src="/icon.svg" alt="" width={32} height={32} />
            <span>
              <strong>{t.shopName}</strong>
              <small>{t.tagline}</small>
            </span>
          </Link>
          <SearchBox />
          <nav className="header-nav">
            <LocaleSwitch />
            <Person />
            <CartLink />
          </nav>
        </div>
      </header>
      <main className="main">
        <Outlet />
      </main>
    </>
  );
}

const Suggestions = graphql(`
  query Suggestions($prefix: String!) {
    suggestions(prefix: $prefix, first: 6)
  }
`);

function SearchBox() {
  const { t } = useLocale();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const current = params.get('q') ?? '';
  const [text, setText] = useState(current);
  useEffect(() => setText(current), [current]);
  const prefix = text.trim();
  const [{ data }] = useQuery({ query: Suggestions, variables: { prefix }, pause: prefix.length < 2 || prefix === current });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    navigate(prefix ? `/?q=${encodeURIComponent(prefix)}` : '/');
  };
  return (
    <form className="search" role="search" onSubmit={submit}>
      <input
        type="search"
        aria-label={t.search}
        placeholder={t.searchPlaceholder}
        value={text}
        list="suggestions"
        onChange={(event) => setText(event.target.value)}
      />
      <datalist id="suggestions">
        {prefix.length >= 2 && data?.suggestions.map((it) => <option key={it} value={it} />)}
      </datalist>
      <button type="submit" className="button">
        {t.search}
      </button>
    </form>
  );
}

function LocaleSwitch() {
  const { locale, choose } = useLocale();
  const other = locale === 'ru' ? 'en' : 'ru';
  return (
    <button type="button" className="link" lang={other} onClick={() => choose(other)}>
      {other === 'ru' ? 'По-русски' : 'English'}
    </button>
  );
}

const Me = graphql(`
  query Me {
    me {
      id
      name
      roles
    }
  }
`);

const LogOut = graphql(`
  mutation LogOut {
    logOut(input: {}) {
      userErrors {
        message
      }
    }
  }
`);

function Person() {
  const { t } = useLocale();
  const { session } = useApi();
  const signedIn = useSignedIn();
  const [{ data }] = useQuery({ query: Me, pause: !signedIn });
  const [, logOut] = useMutation(LogOut);
  if (!signedIn) return <NavLink to="/sign-in">{t.signIn}</NavLink>;
  const staff = data?.me?.roles.some((it) => it !== 'CUSTOMER');
  return (
    <>
      {staff && <NavLink to="/staff">{t.staff}</NavLink>}
      <NavLink to="/account/orders">{t.myOrders}</NavLink>
      <button
        type="button"
        className="link"
        onClick={async () => {
          await logOut({});
          session.end();
        }}
      >
        {t.signOut}
      </button>
    </>
  );
}

function CartLink() {
  const { t } = useLocale();
  const { cart } = useCurrentCart();
  const count = readFragment(CartFragment, cart)?.itemCount ?? 0;
  return (
    <NavLink to="/cart" className="cart-link">
      {t.cart}
      {count > 0 && (
        <span className="badge" data-testid="cart-count">
          {count}
        </span>
      )}
    </NavLink>
  );
}
