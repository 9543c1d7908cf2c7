// The current cart: the person's own, or the guest's that this browser remembers. Several features need it
// (the badge in the header, the product page, the cart, the checkout), so it stands beside the client.
import { useCallback, useSyncExternalStore } from 'react';
import { useMutation, useQuery } from 'urql';
import { graphql } from '../gql';
import { useSignedIn } from './provider';

/** How many of a thing a line of the cart holds at most. */
export const MOST_OF_A_LINE = 999;

const STORED = 'lavka.cart';
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}

export function guestCartId(): string | null {
  return localStorage.getItem(STORED);
}

export function rememberGuestCart(id: string | null): void {
  if (id) localStorage.setItem(STORED, id);
  else localStorage.removeItem(STORED);
  for (const listener of listeners) listener();
}

export const CartFragment = graphql(`
  fragment Cart on Cart {
    id
    itemCount
    total {
      ...Money
    }
    lines {
      id
      quantity
      unitPrice {
        ...Money
      }
      subtotal {
        ...Money
      }
      variant {
        sku
        title
        available
        product {
          id
          slug
          title
          images {
            ...Picture
          }
        }
      }
    }
  }
`);

const MyCart = graphql(`
  query MyCart {
    me {
      id
      cart {
        ...Cart
      }
    }
  }
`);

const GuestCart = graphql(`
  query GuestCart($id: ID!) {
    cart(id: $id) {
      ...Cart
    }
  }
`);

export function useCurrentCart() {
  const signedIn = useSignedIn();
  const id = useSyncExternalStore(subscribe, guestCartId);
  const [mine, askMine] = useQuery({ query: MyCart, pause: !signedIn });
  const [guest, askGuest] = useQuery({ query: GuestCart, variables: { id: id ?? '' }, pause: signedIn || !id });
  const result = signedIn ? mine : guest;
  const cart = (signedIn ? mine.data?.me?.cart : id ? guest.data?.cart : null) ?? null;
  const retry = () => (signedIn ? askMine : askGuest)({ requestPolicy: 'network-only' });
  return { cart, fetching: result.fetching, error: result.error, retry };
}

const AddToCart = graphql(`
  mutation AddToCart($input: AddToCartInput!) {
    addToCart(input: $input) {
      cart {
        ...Cart
        id
      }
      userErrors {
        code
        message
      }
    }
  }
`);

export function useAddToCart() {
  const signedIn = useSignedIn();
  const [{ fetching }, run] = useMutation(AddToCart);
  const add = useCallback(
    async (sku: string, quantity: number) => {
      const cartId = signedIn ? null : guestCartId();
      let result = await run({ input: { cartId, sku, quantity } });
      if (cartId && result.data?.addToCart.userErrors.some((it) => it.code === 'CART_NOT_FOUND')) {
        // The remembered cart is gone (long abandoned, say): a new one then.
        rememberGuestCart(null);
        result = await run({ input: { cartId: null, sku, quantity } });
      }
      const cart = result.data?.addToCart.cart;
      if (cart && !signedIn) rememberGuestCart(cart.id);
      return { error: result.error, payload: result.data?.addToCart };
    },
    [run, signedIn],
  );
  return { add, adding: fetching };
}
