import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'dist/**', 'data/**', 'spec/e2e/**'],
    environment: 'node',
    passWithNoTests: true,
    // Vitest leaves one core to itself: of two that would be half of the machine.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    // Real processes and sockets on a machine that others use too; what needed it is in the listing.
    retry: process.env['CI'] === undefined ? 0 : 1,
  },
});
