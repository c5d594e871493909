import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'dist/**', 'data/**', 'spec/e2e/**'],
    environment: 'node',
    passWithNoTests: true,
    testTimeout: 20_000,
    // Real processes and sockets on a machine that others use too; what needed it is in the listing.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
});
