import { defineConfig, devices } from '@playwright/test';

// The journeys run against stores of their own (see journey/store.ts), in the Chromium that LAVKA_CHROMIUM names: one
// store for each worker, the same journeys on a desk and on a telephone.
export default defineConfig({
  testDir: 'journey',
  // A busy machine is slow, not wrong: these end what hangs, and are far above what anything takes.
  timeout: 180_000,
  expect: { timeout: 40_000 },
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  reporter: [['list']],
  use: {
    locale: 'en-US',
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    actionTimeout: 40_000,
    navigationTimeout: 40_000,
    launchOptions: {
      executablePath: process.env.LAVKA_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    // Names and contrasts are the same on both; on the phone more of them is hidden, and must still be read out.
    { name: 'desk', testIgnore: 'accessible.spec.ts', use: { ...devices['Desktop Chrome'], viewport: { width: 1280, height: 800 } } },
    { name: 'phone', use: { ...devices['Pixel 7'], viewport: { width: 390, height: 844 } } },
  ],
});
