import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Relative addresses: the router serves the page under whatever path its operator chose, and the files beside it.
export default defineConfig({
  base: './',
  plugins: [react()],
  build: { assetsDir: 'assets', chunkSizeWarningLimit: 8000 },
  worker: { format: 'es' },
});
