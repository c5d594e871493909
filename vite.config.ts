import { defineConfig } from 'vite';
import { classicPage } from './scripts/classic-page.mjs';

/** The app's pages. The service worker is bundled after them, by scripts/build.mjs. */
export default defineConfig({
  root: 'web/app',
  base: '/',
  plugins: [classicPage()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/app',
    emptyOutDir: true,
    target: 'es2023',
    sourcemap: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    // Who starts the app for the first time is not to read how long each plugin took.
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  server: { port: 5173, proxy: { '/sync': 'http://127.0.0.1:8787' } },
});
