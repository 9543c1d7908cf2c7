// The table of contents: what is provided to every page, and which page answers which path.
import { lazy } from 'react';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { ApiProvider } from './api/provider';
import { CartPage } from './features/cart/cart-page';
import { ListingPage } from './features/catalog/listing-page';
import { ProductPage } from './features/catalog/product-page';
import { ForgotPasswordPage } from './features/sign-in/forgot-password-page';
import { RegisterPage } from './features/sign-in/register-page';
import { ResetPasswordPage } from './features/sign-in/reset-password-page';
import { SignInPage } from './features/sign-in/sign-in-page';
import { VerifyEmailPage } from './features/sign-in/verify-email-page';
import { LocaleProvider } from './i18n/locale';
import { Layout } from './layout/layout';
import { NotFound } from './ui/not-found';

// What a visitor who only looks around doesn't need, comes when it is asked for.
const AccountPage = lazy(async () => ({ default: (await import('./features/account/account-page')).AccountPage }));
const AddressesPage = lazy(async () => ({ default: (await import('./features/account/addresses-page')).AddressesPage }));
const BoardPage = lazy(async () => ({ default: (await import('./features/staff/board-page')).BoardPage }));
const CheckoutPage = lazy(async () => ({ default: (await import('./features/checkout/checkout-page')).CheckoutPage }));
const NotificationsPage = lazy(async () => ({ default: (await import('./features/account/notifications-page')).NotificationsPage }));
const OrderPage = lazy(async () => ({ default: (await import('./features/orders/order-page')).OrderPage }));
const OrdersPage = lazy(async () => ({ default: (await import('./features/account/orders-page')).OrdersPage }));
const PreferencesPage = lazy(async () => ({ default: (await import('./features/account/preferences-page')).PreferencesPage }));
const ProfilePage = lazy(async () => ({ default: (await import('./features/account/profile-page')).ProfilePage }));
const SecurityPage = lazy(async () => ({ default: (await import('./features/account/security-page')).SecurityPage }));
const StaffPage = lazy(async () => ({ default: (await import('./features/staff/staff-page')).StaffPage }));
const StockPage = lazy(async () => ({ default: (await import('./features/staff/stock-page')).StockPage }));

export function App() {
  return (
    <LocaleProvider>
      <ApiProvider>
        <BrowserRouter>
          <Pages />
        </BrowserRouter>
      </ApiProvider>
    </LocaleProvider>
  );
}

export function Pages() {
  return (
    <Routes>
      <Route element={<Layout />}>
        <Route index element={<ListingPage />} />
        <Route path="products/:slug" element={<ProductPage />} />
        <Route path="cart" element={<CartPage />} />
        <Route path="checkout" element={<CheckoutPage />} />
        <Route path="orders/:id" element={<OrderPage />} />
        <Route path="account" element={<AccountPage />}>
          <Route index element={<Navigate to="orders" replace />} />
          <Route path="orders" element={<OrdersPage />} />
          <Route path="notifications" element={<NotificationsPage />} />
          <Route path="notifications/preferences" element={<PreferencesPage />} />
          <Route path="profile" element={<ProfilePage />} />
          <Route path="addresses" element={<AddressesPage />} />
          <Route path="security" element={<SecurityPage />} />
        </Route>
        <Route path="sign-in" element={<SignInPage />} />
        <Route path="register" element={<RegisterPage />} />
        {/* Letters lead to these two: their paths are part of what the shop says to the world. */}
        <Route path="verify-email" element={<VerifyEmailPage />} />
        <Route path="reset-password" element={<ResetPasswordPage />} />
        <Route path="forgot-password" element={<ForgotPasswordPage />} />
        <Route path="staff" element={<StaffPage />}>
          <Route index element={<BoardPage />} />
          <Route path="stock" element={<StockPage />} />
        </Route>
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}
