import { describe, expect, test } from 'vitest';
import { asSeq, CHANNEL_VERSION } from '../../core/index.ts';
import type { Applied } from './api.ts';
import { Seen, type View } from './seen.ts';
import { GROCERIES, HOME } from './test-doubles.ts';

const applied = (from: number, to = from, space = HOME): Applied => ({
  offing: CHANNEL_VERSION,
  type: 'applied',
  space,
  from: asSeq(from),
  to: asSeq(to),
  ops: [],
});
const at = (home: number, times?: number): View => ({
  seen: { [HOME]: asSeq(home) },
  rebuilt: times === undefined ? {} : { [HOME]: times },
});

describe('what the page has seen', () => {
  test('[PL10] nothing is claimed before the first catch-up', () => {
    const seen = new Seen();
    seen.follow(applied(1));
    expect(seen.view()).toBeUndefined();
    expect(seen.catchUp(at(3), undefined)).toBe(false);
    expect(seen.view()).toEqual(at(3));
  });

  test('[PL10] follows notices that fit, space by space', () => {
    const seen = new Seen();
    seen.catchUp(at(3), undefined);
    expect(seen.follow(applied(4, 6))).toBe(true);
    expect(seen.follow(applied(1, 2, GROCERIES))).toBe(true);
    expect(seen.view()?.seen).toEqual({ [HOME]: 6, [GROCERIES]: 2 });
    expect(seen.view(new Set([GROCERIES]))?.seen).toEqual({ [GROCERIES]: 2 });
  });

  test.each([
    ['a gap', 5],
    ['a repetition', 3],
    ['a log that began anew', 1],
  ])('[PL11] notices %s, and claims nothing of it', (_what, from) => {
    const seen = new Seen();
    seen.catchUp(at(3), undefined);
    expect(seen.follow(applied(from))).toBe(false);
    expect(seen.view()).toEqual(at(3));
  });

  test('[PL11] a catch-up says whether something was missed', () => {
    const seen = new Seen();
    seen.catchUp(at(3), undefined);
    expect(seen.catchUp(at(3), seen.view())).toBe(false);
    expect(seen.catchUp(at(5), seen.view())).toBe(true);
    expect(seen.view()).toEqual(at(5));
  });

  test('[PL11] a notice that overtakes the answer to a catch-up counts', () => {
    const seen = new Seen();
    seen.catchUp(at(3), undefined);
    const before = seen.view();
    seen.follow(applied(4));
    expect(seen.catchUp(at(3), before)).toBe(false);
    expect(seen.view()).toEqual(at(4));
  });

  test('[PL11] a log restored from a backup takes the page back with it', () => {
    const seen = new Seen();
    seen.catchUp(at(9), undefined);
    expect(seen.catchUp(at(4), seen.view())).toBe(true);
    expect(seen.view()).toEqual(at(4));
  });

  test('[PL20] a space that was built anew is another one, though its seqs look alike', () => {
    const seen = new Seen();
    seen.catchUp(at(3), undefined);
    expect(seen.catchUp(at(3, 1), seen.view())).toBe(true);
    expect(seen.view()).toEqual(at(3, 1));
    const before = seen.view();
    seen.follow(applied(4));
    expect(seen.catchUp(at(2, 2), before)).toBe(true);
    expect(seen.view()).toEqual(at(2, 2));
  });
});
