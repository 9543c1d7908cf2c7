import { expect, linkIn, newAddress, test } from './store';

test('a guest buys a lamp and watches it arrive, while the staff sends it', async ({ shopper, staff, letter }) => {
  await shopper.putsIntoCart('lamp');
  await shopper.checksOut('Succeeds at once', 'guest@example.com');
  const order = await shopper.orderNumber();
  const { page, status } = shopper;

  // The page follows the order by itself, without a reload.
  await expect(status).toHaveText('Paid');
  await expect(page.getByTestId('cart-count')).toHaveCount(0);
  await staff.assembles(order);
  await expect(status).toHaveText('Assembled');
  await staff.handsOver(order, 'RA123456789RU');
  await expect(status).toHaveText('On its way');
  await expect(page.getByText('RA123456789RU').first()).toBeVisible();
  await staff.delivers(order);
  await expect(status).toHaveText('Delivered');
  await expect(page.locator('.timeline li')).toHaveCount(5);
  await expect(page.locator('.timeline li.ahead')).toHaveCount(0);

  // The letter leads a guest back to the order.
  const arrived = await letter('guest@example.com', `${order} is delivered`);
  await page.goto(linkIn(arrived, '/orders/'));
  await expect(status).toHaveText('Delivered');
});

test('somebody with an account buys a kettle, watches it arrive and reads of it', async ({ shopper, staff }) => {
  const { page, status } = shopper;
  await shopper.registers({ name: 'Boris', email: newAddress('boris'), password: 'a long walk home' });
  await shopper.putsIntoCart('kettle');
  await shopper.checksOut('Succeeds after a while');
  const order = await shopper.orderNumber();

  await expect(status).toHaveText('Waiting for payment');
  await expect(status).toHaveText('Paid');
  await expect(page.getByTestId('cart-count')).toHaveCount(0);
  await staff.assembles(order);
  await staff.handsOver(order, 'RA000000001RU');
  await staff.delivers(order);
  await expect(status).toHaveText('Delivered');

  // It is remembered: the order, the letters about it, and the address for the next time.
  await shopper.account.click();
  await expect(page.getByRole('link', { name: order })).toContainText('Delivered');
  await page.getByRole('navigation', { name: 'Your account' }).getByRole('link', { name: 'Notifications' }).click();
  await expect(page.getByRole('heading', { name: `Order ${order} is delivered` })).toBeVisible();
  await page.getByRole('button', { name: 'Mark all as read' }).click();
  await expect(page.getByRole('button', { name: 'Mark all as read' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Addresses' }).click();
  await expect(page.getByText('Myasnitskaya 1')).toBeVisible();
});
