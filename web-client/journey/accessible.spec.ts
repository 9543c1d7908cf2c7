// Every page, as axe reads it: names of fields and buttons, contrast, headings, landmarks.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Locator, Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { expect, test } from './store';

declare global {
  interface Window {
    axe: { run: (where: Document, options: object) => Promise<AxeResults> };
  }
}

const AXE = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'];

/** What axe finds, short enough to be read. */
async function faults(page: Page): Promise<string[]> {
  // By the debugger, which the page's own policy doesn't bind.
  await page.evaluate(await AXE);
  const { violations } = await page.evaluate((rules) => window.axe.run(document, { runOnly: rules }), RULES);
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')} at ${new URL(page.url()).pathname}`));
}

/** Opened, and read when this is to be seen on it. */
async function expectReadable(page: Page, path: string, sign: string): Promise<void> {
  await page.goto(path);
  await page.locator(sign).first().waitFor();
  expect(await faults(page)).toEqual([]);
}

test("a guest's pages can be read by everybody", async ({ shopper }) => {
  const { page } = shopper;
  await expectReadable(page, '/', 'a.card');
  await expectReadable(page, '/?q=lamp&max=6000', 'a.card');
  await expectReadable(page, '/?q=qqqzzz', '.state');
  await expectReadable(page, '/products/hedgehog-desk-lamp', '.neighbours a.card');
  await expectReadable(page, '/sign-in', 'form.panel');
  await expectReadable(page, '/register', 'form.panel');
  await expectReadable(page, '/forgot-password', 'form.panel');
  await expectReadable(page, '/reset-password?token=x', 'form.panel');
  await expectReadable(page, '/verify-email?token=x', 'h1');
  await expectReadable(page, '/nowhere', 'h1');
  await expectReadable(page, '/cart', '.state');
  await shopper.putsIntoCart('kettle');
  await expectReadable(page, '/cart', '.cart-line');
  await expectReadable(page, '/checkout', 'input[name="shipping"]');
});

test("the pages of an account and the staff's can be read by everybody", async ({ shopper }) => {
  const { page } = shopper;
  await shopper.signsIn('staff@lavka.test', 'lavka-demo');
  await shopper.account.waitFor();
  for (const path of ['orders', 'notifications', 'notifications/preferences', 'profile', 'addresses', 'security']) {
    await expectReadable(page, `/account/${path}`, 'main h1');
  }
  await expectReadable(page, '/staff', 'main h1');
  await expectReadable(page, '/staff/stock', '.stock-row');
});

test('the keyboard is enough to find a thing and to put it into the cart', async ({ shopper }) => {
  const { page } = shopper;
  /** Goes on by Tab until this has the focus. */
  const tabsTo = async (target: Locator) => {
    for (let steps = 0; steps < 80; steps++) {
      await page.keyboard.press('Tab');
      if (await target.evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`the keyboard does not reach ${target}`);
  };
  await page.goto('/');
  await page.locator('a.card').first().waitFor();
  await tabsTo(page.getByRole('link', { name: 'To the content' }));
  await tabsTo(page.getByRole('combobox', { name: 'Search' }));
  await page.keyboard.type('kett');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('kettle');
  await tabsTo(page.locator('a.card:not(.sold-out)').first());
  await page.keyboard.press('Enter');
  await tabsTo(page.getByRole('button', { name: 'Add to cart' }));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('cart-count')).toHaveText('1');
});
