import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Relative addresses: the page may stand under any path, also behind a proxy. The page is `…/graphql` and its files are
// `…/graphql/assets/*`, so the router writes the last part of its path in front of those in index.html.
export default defineConfig({
  base: './',
  plugins: [react()],
  build: { assetsDir: 'assets', chunkSizeWarningLimit: 8000 },
  worker: { format: 'es' },
});
