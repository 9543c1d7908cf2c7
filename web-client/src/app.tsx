// The table of contents: what is provided to every page, and which page answers which path.
import { BrowserRouter, Route, Routes } from 'react-router';
import { ApiProvider } from './api/provider';
import { OrdersPage } from './features/account/orders-page';
import { SignInPage } from './features/account/sign-in-page';
import { CartPage } from './features/cart/cart-page';
import { ListingPage } from './features/catalog/listing-page';
import { ProductPage } from './features/catalog/product-page';
import { CheckoutPage } from './features/checkout/checkout-page';
import { OrderPage } from './features/orders/order-page';
import { BoardPage } from './features/staff/board-page';
import { LocaleProvider } from './i18n/locale';
import { Layout } from './layout';
import { NotFound } from './ui/not-found';

export function App() {
  return (
    <LocaleProvider>
      <ApiProvider>
        <BrowserRouter>
          <Routes>
            <Route element={<Layout />}>
              <Route index element={<ListingPage />} />
              <Route path="products/:slug" element={<ProductPage />} />
              <Route path="cart" element={<CartPage />} />
              <Route path="checkout" element={<CheckoutPage />} />
              <Route path="orders/:id" element={<OrderPage />} />
              <Route path="account/orders" element={<OrdersPage />} />
              <Route path="sign-in" element={<SignInPage />} />
              <Route path="staff" element={<BoardPage />} />
              <Route path="*" element={<NotFound />} />
            </Route>
          </Routes>
        </BrowserRouter>
      </ApiProvider>
    </LocaleProvider>
  );
}
