// Somebody who buys, as a journey tells of it.
import { expect, type Page } from '@playwright/test';

export type Card = 'Succeeds at once' | 'Succeeds after a while' | 'Is declined' | 'Wants your confirmation';

export class Shopper {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get status() {
    return this.page.getByTestId('order-status');
  }

  /** The way to one's own pages, which only who is signed in has. */
  get account() {
    return this.page.getByRole('link', { name: 'Account', exact: true });
  }

  async registers(person: { name: string; email: string; password: string }): Promise<void> {
    await this.page.goto('/register');
    await this.page.getByLabel('Name').fill(person.name);
    await this.page.getByLabel('E-mail').fill(person.email);
    await this.page.getByLabel('Password').fill(person.password);
    await this.page.getByRole('button', { name: 'Create an account' }).click();
    await expect(this.account).toBeVisible();
  }

  /** And arrives where one can sign in again. */
  async signsOut(): Promise<void> {
    await this.account.click();
    await this.page.getByRole('button', { name: 'Sign out' }).click();
    await this.page.waitForURL(/\/sign-in/);
  }

  async signsIn(email: string, password: string): Promise<void> {
    await this.page.goto('/sign-in');
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  }

  /** Searches, opens the first thing that can be had, and puts one into the cart. */
  async putsIntoCart(word: string): Promise<void> {
    await this.page.goto('/');
    await this.page.getByRole('combobox', { name: 'Search' }).fill(word);
    await this.page.getByRole('combobox', { name: 'Search' }).press('Enter');
    await expect(this.page.getByRole('heading', { level: 1 })).toContainText(word);
    await this.page.locator('a.card:not(.sold-out)').first().click();
    await this.page.getByRole('button', { name: 'Add to cart' }).click();
    await expect(this.page.getByTestId('cart-count')).toHaveText('1');
  }

  /** From the cart to the order. */
  async checksOut(card: Card, email = 'anna@example.com'): Promise<void> {
    await this.page.getByRole('link', { name: 'Go to the cart' }).click();
    await this.page.getByRole('link', { name: 'Check out' }).click();
    await this.page.getByLabel('Name').fill('Anna Petrova');
    await this.page.getByLabel('Phone').fill('+79161234567');
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Postal code').fill('101000');
    await this.page.getByLabel('City').fill('Moscow');
    await this.page.getByLabel('Address', { exact: true }).fill('Myasnitskaya 1');
    await this.page.getByLabel(card).check();
    await this.page.getByRole('button', { name: 'Place the order' }).click();
  }

  /** What the page of the order calls it. */
  async orderNumber(): Promise<string> {
    const heading = this.page.getByRole('heading', { level: 1, name: /^Order L-/ });
    return (await heading.innerText()).replace('Order', '').trim();
  }
}
