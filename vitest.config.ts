import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'dist/**', 'data/**', 'spec/e2e/**'],
    environment: 'node',
    passWithNoTests: true,
    testTimeout: 20_000,
  },
});
