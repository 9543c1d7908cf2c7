import { fireEvent, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeShop, visit } from '../../testing/fake-shop';

const ann = {
  id: 'u1',
  name: 'Ann',
  email: 'ann@example.com',
  emailVerified: true,
  phone: '+79161234567' as string | null,
  locale: 'EN',
  roles: ['CUSTOMER'],
  unreadNotificationCount: 0,
  cart: { id: 'k1', itemCount: 0, total: { amount: '0', currency: 'RUB' }, lines: [] },
};

function shopOf(update: (input: Record<string, unknown>) => object) {
  const me = () => ({ me: ann });
  return new FakeShop({
    Refresh: () => ({ refreshTokens: { tokens: { accessToken: 'a', accessTokenExpiresAt: '2999-01-01T00:00:00Z' }, userErrors: [] } }),
    Me: me,
    MyCart: me,
    UnreadCount: me,
    ProfileOfMine: me,
    UpdateProfile: ({ input }) => ({ updateProfile: update(input as Record<string, unknown>) }),
  });
}

describe('the profile', () => {
  beforeEach(() => localStorage.setItem('lavka.signedIn', '1'));

  it('takes a telephone number out', async () => {
    const shop = shopOf(() => ({ user: { ...ann, phone: null }, userErrors: [] }));
    visit('/account/profile');
    fireEvent.change(await screen.findByLabelText('Phone'), { target: { value: '' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Saved')).toBeTruthy();
    expect(shop.last('UpdateProfile')).toEqual({ input: { name: 'Ann', email: 'ann@example.com', phone: '', locale: 'EN' } });
  });

  it('says which field is refused', async () => {
    shopOf(() => ({ user: null, userErrors: [{ code: 'PHONE_INVALID', message: 'Check the telephone number', field: ['phone'] }] }));
    visit('/account/profile');
    fireEvent.change(await screen.findByLabelText('Phone'), { target: { value: '12' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Check the telephone number')).toBeTruthy();
    expect(screen.getByLabelText('Phone').getAttribute('aria-invalid')).toBe('true');
  });
});
