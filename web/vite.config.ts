import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const target = process.env.ANSWERABLE_URL ?? 'http://localhost:8080';
// The server takes a live line only from its own address.
const proxy = { '/api': { target, ws: true, changeOrigin: true, rewriteWsOrigin: true } };

export default defineConfig({
  plugins: [react()],
  build: {
    target: ['chrome125', 'firefox128', 'safari18'],
    assetsInlineLimit: 0, // files of our own are all that the policy of the page allows
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    port: 5173,
    proxy,
    fs: { allow: ['.', '../src'] }, // a test reads what the program says
  },
  preview: { proxy },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], restoreMocks: true },
});
