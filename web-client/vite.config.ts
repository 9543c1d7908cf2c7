import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// `npm run dev` serves the storefront with hot reload and passes the rest to a running `lavka up`.
const lavka = process.env.LAVKA_URL ?? 'http://127.0.0.1:4000';

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2022', sourcemap: false },
  server: {
    proxy: {
      '/graphql': { target: lavka, ws: true },
      '/media': lavka,
      '/sandbox': lavka,
      '/dev/mail': lavka,
    },
  },
  test: { environment: 'jsdom', testTimeout: 30_000, include: ['src/**/*.test.{ts,tsx}'] },
});
