import { expect, test } from './store';

test('a declined payment is tried again', async ({ shopper }) => {
  const { page, status } = shopper;
  await shopper.putsIntoCart('book');
  await shopper.checksOut('Is declined');
  await expect(status).toHaveText('Payment failed');

  await page.getByLabel('Succeeds at once').check();
  await page.getByRole('button', { name: 'Pay again' }).click();
  await expect(status).toHaveText('Paid');
});

test('a payment is confirmed on the page of the bank, which leads back', async ({ shopper }) => {
  const { page, status } = shopper;
  await shopper.putsIntoCart('headphones');
  await shopper.checksOut('Wants your confirmation');

  await page.waitForURL(/\/sandbox\/payments\//);
  await page.getByRole('button', { name: 'Approve payment' }).click();
  await page.waitForURL(/\/orders\//);
  await expect(status).toHaveText('Paid');
});

test('who changes their mind cancels a paid order and gets the money back', async ({ shopper }) => {
  const { page, status } = shopper;
  await shopper.putsIntoCart('backpack');
  await shopper.checksOut('Succeeds at once');
  await expect(status).toHaveText('Paid');

  await page.getByRole('button', { name: 'Cancel the order' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the order' }).click();
  await expect(status).toHaveText('Cancelled');
  await expect(page.getByText('Refunded').first()).toBeVisible();
});
