/** What a build says of a bundle that is too big. */
import { describe, expect, it } from 'vitest';
import { faultOf } from '../scripts/bundle-sizes.mjs';

const BUNDLE = { name: 'page library', entry: 'web/lib/index.ts', budget: 16_000 };
const sizes = (atOnce: number) => ({
  atOnce,
  later: 90_000,
  modules: Array.from({ length: 20 }, (_, i) => ({ file: `web/lib/part-${i}.ts`, bytes: 9_000 })),
});

describe('the size check of a build', () => {
  it('lets a bundle be as big as its budget, whatever is loaded only where it is needed', () => {
    expect(faultOf(BUNDLE, sizes(16_000))).toBeUndefined();
  });

  it('names a bundle that is bigger, its size, its budget, and its biggest modules', () => {
    const fault = faultOf(BUNDLE, sizes(16_049));
    expect(fault).toMatch(/page library .*16\.049 kB.*16\.000 kB/);
    expect(fault).toContain('9.000 kB  web/lib/part-0.ts');
    expect(fault).not.toContain('part-19.ts');
  });
});
