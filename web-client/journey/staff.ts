// Who sends what was bought, as a journey tells of it.
import type { Page } from '@playwright/test';

export class Staff {
  readonly page: Page;

  private constructor(page: Page) {
    this.page = page;
  }

  static async signIn(page: Page): Promise<Staff> {
    await page.goto('/sign-in?back=/staff');
    await page.getByLabel('E-mail').fill('staff@lavka.test');
    await page.getByLabel('Password').fill('lavka-demo');
    await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Orders' }).waitFor();
    return new Staff(page);
  }

  #row(order: string) {
    return this.page.locator(`[data-order="${order}"]`);
  }

  async assembles(order: string): Promise<void> {
    await this.#row(order).getByRole('button', { name: 'Assembled' }).click();
  }

  async handsOver(order: string, tracking: string): Promise<void> {
    await this.#row(order).getByLabel('Tracking number').fill(tracking);
    await this.#row(order).getByRole('button', { name: 'Hand to delivery' }).click();
  }

  async delivers(order: string): Promise<void> {
    await this.#row(order).getByRole('button', { name: 'Delivered' }).click();
  }
}
