import { expect, test } from './store';

test('a guest buys a lamp and watches it arrive, while the staff sends it', async ({ page, browser, shop }) => {
  // The guest finds a lamp and puts it into the cart.
  await page.goto('/');
  await page.getByRole('searchbox').fill('lamp');
  await page.getByRole('button', { name: 'Search' }).click();
  const card = page.locator('a.card:not(.sold-out)').first();
  await card.click();
  await page.getByRole('button', { name: 'Add to cart' }).click();
  await expect(page.getByTestId('cart-count')).toHaveText('1');

  // The guest checks out.
  await page.getByRole('link', { name: 'Go to the cart' }).click();
  await page.getByRole('link', { name: 'Check out' }).click();
  await page.getByLabel('Name').fill('Anna Petrova');
  await page.getByLabel('Phone').fill('+79161234567');
  await page.getByLabel('E-mail').fill('anna@example.com');
  await page.getByLabel('Postal code').fill('101000');
  await page.getByLabel('City').fill('Moscow');
  await page.getByLabel('Address').fill('Myasnitskaya 1');
  await page.getByRole('button', { name: 'Place the order' }).click();

  // The page follows the order by itself: paid, without a reload.
  const status = page.getByTestId('order-status');
  await expect(status).toHaveText('Paid');
  const number = (await page.getByRole('heading', { level: 1 }).innerText()).replace('Order', '').trim();
  await expect(page.getByTestId('cart-count')).toHaveCount(0);

  // The staff, in a browser of their own, takes it step by step.
  const staff = await (await browser.newContext({ baseURL: shop, locale: 'en-US' })).newPage();
  await staff.goto('/sign-in?back=/staff');
  await staff.getByLabel('E-mail').fill('staff@lavka.test');
  await staff.getByLabel('Password').fill('lavka-demo');
  await staff.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  const row = staff.locator(`[data-order="${number}"]`);
  await row.getByRole('button', { name: 'Assembled' }).click();
  await expect(status).toHaveText('Assembled');
  await row.getByLabel('Tracking number').fill('RA123456789RU');
  await row.getByRole('button', { name: 'Hand to delivery' }).click();
  await expect(status).toHaveText('On its way');
  await expect(page.getByText('RA123456789RU').first()).toBeVisible();
  await row.getByRole('button', { name: 'Delivered' }).click();

  // It arrived: the guest's page says so, with the whole way it went.
  await expect(status).toHaveText('Delivered');
  await expect(page.locator('.timeline li')).toHaveCount(5);
  await expect(page.locator('.timeline li.ahead')).toHaveCount(0);
});
