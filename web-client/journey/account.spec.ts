import { expect, linkIn, newAddress, test } from './store';

test('a forgotten password is replaced by a letter', async ({ shopper, letter }) => {
  const { page } = shopper;
  const email = newAddress('vera');
  await shopper.registers({ name: 'Vera', email, password: 'an old password' });
  await shopper.signsOut();

  await page.getByRole('link', { name: 'Forgot the password?' }).click();
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByText(`If there is an account with ${email}`)).toBeVisible();

  await page.goto(linkIn(await letter(email, 'password'), '/reset-password'));
  await page.getByLabel('New password').fill('a new password');
  await page.getByRole('button', { name: 'Save the password' }).click();
  await expect(page.getByText('The new password is saved')).toBeVisible();

  // The old one is refused, the new one is good.
  await shopper.signsIn(email, 'an old password');
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByLabel('Password').fill('a new password');
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(shopper.account).toBeVisible();
});

test('a letter confirms an address', async ({ shopper, letter }) => {
  const { page } = shopper;
  const email = newAddress('gleb');
  await shopper.registers({ name: 'Gleb', email, password: 'a long walk home' });
  await page.goto('/account/profile');
  await expect(page.getByRole('button', { name: 'Send the letter again' })).toBeVisible();

  await page.goto(linkIn(await letter(email, 'Confirm'), '/verify-email'));
  await page.getByRole('button', { name: 'Confirm the address' }).click();
  await expect(page.getByText(`${email} is confirmed`)).toBeVisible();
  await page.goto('/account/profile');
  await expect(page.getByRole('button', { name: 'Send the letter again' })).toHaveCount(0);
});

test('a cart filled as a guest comes along into the account', async ({ shopper }) => {
  const { page } = shopper;
  const person = { name: 'Darya', email: newAddress('darya'), password: 'a long walk home' };
  await shopper.registers(person);
  await shopper.signsOut();
  await shopper.putsIntoCart('lamp');
  await shopper.signsIn(person.email, person.password);
  await expect(shopper.account).toBeVisible();
  await expect(page.getByTestId('cart-count')).toHaveText('1');
  await page.getByRole('link', { name: /^Cart/ }).click();
  await expect(page.getByRole('link', { name: 'Check out' })).toBeVisible();
});
