import { fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { FakeShop, Unreachable, visit } from '../../testing/fake-shop';
import { cartWith } from '../../testing/goods';

const guestWithACart = () => localStorage.setItem('lavka.cart', 'k1');

describe('the cart', () => {
  it('is empty for who comes for the first time, and asks the shop nothing', () => {
    const shop = new FakeShop({});
    visit('/cart');
    expect(screen.getByText('Your cart is empty')).toBeTruthy();
    expect(shop.asked).toEqual([]);
  });

  it('takes one more of a thing', async () => {
    guestWithACart();
    let quantity = 1;
    const shop = new FakeShop({
      GuestCart: () => ({ cart: cartWith(quantity) }),
      SetQuantity: ({ input }) => {
        ({ quantity } = input as { quantity: number });
        return { setCartLineQuantity: { cart: cartWith(quantity), userErrors: [] } };
      },
    });
    visit('/cart');
    fireEvent.click(await screen.findByRole('button', { name: 'One more' }));
    expect(await screen.findByText('2', { selector: 'output' })).toBeTruthy();
    expect(shop.last('SetQuantity')).toEqual({ input: { cartId: 'k1', sku: 'LMP', quantity: 2 } });
  });

  it('warns of a line that the store room can not fill', async () => {
    guestWithACart();
    new FakeShop({ GuestCart: () => ({ cart: cartWith(5) }) });
    visit('/cart');
    expect(await screen.findByText('Only 3 left')).toBeTruthy();
  });

  it('says what was refused, in the words of the shop', async () => {
    guestWithACart();
    new FakeShop({
      GuestCart: () => ({ cart: cartWith(1) }),
      SetQuantity: () => ({ setCartLineQuantity: { cart: null, userErrors: [{ message: 'Not so many' }] } }),
    });
    visit('/cart');
    fireEvent.click(await screen.findByRole('button', { name: 'One more' }));
    expect((await screen.findByRole('alert')).textContent).toBe('Not so many');
  });

  it('offers another try when the shop does not answer', async () => {
    guestWithACart();
    let isThere = false;
    new FakeShop({
      GuestCart: () => {
        if (!isThere) throw new Unreachable();
        return { cart: cartWith(1) };
      },
    });
    visit('/cart');
    expect(await screen.findByText('The shop does not answer')).toBeTruthy();
    isThere = true;
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findAllByText('Hedgehog desk lamp')).not.toEqual([]);
  });
});
