/** Twelve years of real edits to a public list, by 558 people, must come out as what they wrote. */
import { beforeAll, describe, expect, it } from 'vitest';
import {
  asSeq,
  DEFAULT_LIMITS,
  encodePayload,
  isTooLarge,
  visibleFields,
  type SequencedOp,
} from '../../core/index.ts';
import { faultsOf } from '../support/accounts.ts';
import { log, op } from '../support/ops.ts';
import { canonicalWorld, EMPTY_WORLD, foldOnto, type World } from '../support/world.ts';
import { mutationsOfEdit, splitByBytes } from './edit-to-ops.ts';
import { linesOf, readPlainly } from './plain-reading.ts';
import { readHistory, type Collection, type Edit, type Fields } from './read-history.ts';

let edits: Edit[];
let ops: SequencedOp[];
let world: World;

beforeAll(() => {
  edits = readHistory();
  ops = logOf(edits);
  world = foldOnto(EMPTY_WORLD, ops);
});

describe('the history of a list', () => {
  it('is the one its README describes', () => {
    expect(edits).toHaveLength(859);
    expect(new Set(edits.map(({ actor }) => actor)).size).toBe(558);
    expect(edits.flatMap(({ changes }) => changes)).toHaveLength(2536);
  });

  it('ends with 27 lists and 686 items', () => {
    const { lists, items } = readPlainly(edits);
    expect([lists.size, items.size]).toEqual([27, 686]);
    expect([...items.values()].every(({ list }) => lists.has(String(list)))).toBe(true);
  });

  it('[FO34] folded as ops of 558 actors is what a plain reading gives, record for record', () => {
    expect(world.malformed).toEqual([]);
    expect(linesOf(recordsOf(world))).toEqual(linesOf(readPlainly(edits)));
  });

  it('[FO34] is so at every hundredth edit, where deleted records are created again', () => {
    let soFar = EMPTY_WORLD;
    for (let from = 0; from < ops.length; from += 100) {
      soFar = foldOnto(soFar, ops.slice(from, from + 100));
      expect(linesOf(recordsOf(soFar))).toEqual(linesOf(readPlainly(edits.slice(0, from + 100))));
    }
    expect(canonicalWorld(soFar)).toBe(canonicalWorld(world));
  });

  it('[CF4] has no conflict, since everyone had seen what came before', () => {
    expect([...world.conflicts.values()]).toEqual([]);
  });

  it.each([1, 5, 40])(
    '[CF4] loses no value if everyone writes up to %d edits behind: it shows, was seen, or lost openly',
    (behind) => {
      const late = ops.map((each, i) => ({
        ...each,
        base: asSeq(Math.max(0, i - (i % (behind + 1)))),
      }));
      expect(faultsOf(late)).toEqual([]);
      expect(foldOnto(EMPTY_WORLD, late).conflicts.size).toBeGreaterThan(behind);
    },
  );

  it('has one edit too large for an op, which can be sent in parts', () => {
    const big = edits
      .map((edit) => mutationsOfEdit(edit))
      .filter((mutations) => isTooLarge(encodePayload(mutations), DEFAULT_LIMITS));
    expect(big).toHaveLength(1);
    for (const mutations of big) {
      const parts = splitByBytes(mutations, DEFAULT_LIMITS.payloadBytes);
      expect(parts.flat()).toEqual(mutations);
      expect(parts.some((part) => isTooLarge(encodePayload(part), DEFAULT_LIMITS))).toBe(false);
    }
  });
});

/** Each edit is one op by its person, who had seen everything before it. */
function logOf(history: readonly Edit[]): SequencedOp[] {
  const clocks = new Map<string, number>();
  return log(
    ...history.map((edit) => {
      const clock = (clocks.get(edit.actor) ?? 0) + 1;
      clocks.set(edit.actor, clock);
      return op(`${edit.actor}:${clock}`, mutationsOfEdit(edit), { at: edit.at });
    }),
  );
}

function recordsOf({ records }: World): Record<Collection, Map<string, Fields>> {
  const plain = { lists: new Map<string, Fields>(), items: new Map<string, Fields>() };
  for (const state of records.values()) {
    const fields = visibleFields(state);
    if (!fields) continue;
    plain[state.collection as Collection].set(state.id, Object.fromEntries(fields) as Fields);
  }
  return plain;
}
