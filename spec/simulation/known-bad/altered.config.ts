/** Vitest over sources with a known-bad change made to them; OFFING_KNOWN_BAD says which. */
import { defineConfig } from 'vitest/config';
import { altering, root } from '../run/bundle.ts';
import { KNOWN_BAD } from './all.ts';
import { altered } from './known-bad.ts';

const name = process.env['OFFING_KNOWN_BAD'];
const bad = KNOWN_BAD.find((one) => one.name === name);
if (!bad) throw new Error(`${name} is no known-bad change`);

export default defineConfig({
  root,
  plugins: [altering((path, text) => altered(bad, path, text))],
  test: { include: ['**/*.test.ts'], exclude: ['node_modules/**'], testTimeout: 20_000 },
});
