import { describe, expect, it } from 'vitest';
import { Recent } from './recent.ts';

describe('a map of what was used last', () => {
  it('forgets what nobody has used for long, and never holds more than twice what it must', () => {
    const recent = new Recent<number, string>();
    recent.set(-1, 'used');
    recent.set(-2, 'not used');
    let held = 0;
    for (let i = 0; i < 60_000; i++) {
      recent.set(i, 'other');
      if (i % 20_000 === 0) recent.get(-1);
    }
    for (let i = 0; i < 60_000; i++) held += recent.get(i) === undefined ? 0 : 1;
    expect(recent.get(-2)).toBeUndefined();
    expect(held).toBeGreaterThanOrEqual(25_000);
    expect(held).toBeLessThanOrEqual(50_000);
  });

  it('gives what was set last, also of an entry of before', () => {
    const recent = new Recent<number, string>();
    recent.set(-1, 'old');
    for (let i = 0; i < 25_000; i++) recent.set(i, 'other');
    recent.set(-1, 'new');
    expect(recent.get(-1)).toBe('new');
    recent.delete(-1);
    expect(recent.get(-1)).toBeUndefined();
    expect(recent.get(3)).toBe('other');
    recent.clear();
    expect(recent.get(3)).toBeUndefined();
  });
});
