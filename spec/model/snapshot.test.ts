import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SequencedOp, SnapshotRead, SnapshotSource } from '../../core/index.ts';
import { check } from '../support/check.ts';
import { history, splitAt } from '../support/histories.ts';
import { linesOf, readLines, readText, snapshotOf, textOf } from '../support/snapshots.ts';
import { canonicalWorld, EMPTY_WORLD, foldOnto } from '../support/world.ts';

function whole(read: SnapshotRead): SnapshotSource {
  if (!read.ok) throw new Error(read.fault);
  return read.snapshot;
}

/** The lines after the header in another order. */
const mixed = (ops: readonly SequencedOp[], places: readonly number[]): string[] => {
  const [header = '', ...rest] = linesOf(snapshotOf(ops));
  const order = rest.map((line, i) => ({ line, place: places[i] ?? 0 }));
  return [header, ...order.sort((a, b) => a.place - b.place).map(({ line }) => line)];
};

describe('a snapshot of any history', () => {
  it('[WI30] reads back as what it was written from, whatever the order of its lines', () => {
    check(
      fc.property(history(), fc.array(fc.nat()), (ops, places) => {
        const source = snapshotOf(ops);
        const read = whole(readLines(mixed(ops, places)));
        expect(read.header).toMatchObject(source.header);
        expect(canonicalWorld(read)).toBe(canonicalWorld(source));
        expect(read.actors).toEqual(source.actors);
      }),
    );
  });

  it('[FO37] is where the fold goes on as if there had been none', () => {
    check(
      fc.property(history(), fc.array(fc.nat(), { maxLength: 4 }), (ops, cuts) => {
        let folded: SequencedOp[] = [];
        const last = splitAt(ops, cuts).reduce(
          (world, piece) => {
            folded = [...folded, ...piece];
            const { actors, header } = snapshotOf(folded);
            return whole(readText(textOf({ header, actors, ...foldOnto(world, piece) })));
          },
          whole(readText(textOf(snapshotOf([])))),
        );
        expect(canonicalWorld(last)).toBe(canonicalWorld(foldOnto(EMPTY_WORLD, ops)));
      }),
    );
  });

  it('[WI31] is a fault wherever it is cut', () => {
    check(
      fc.property(history(), fc.nat(), (ops, cut) => {
        // Without its last line end it is still whole.
        const text = textOf(snapshotOf(ops)).trimEnd();
        expect(readText(text.slice(0, cut % text.length)).ok).toBe(false);
      }),
    );
  });

  it('[WI31] never makes its reader throw, whatever stands in its place', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('__proto__', -1, 0.5));
    check(
      fc.property(history({ maxLength: 8 }), fc.nat(), fc.nat(), value, (ops, at, member, by) => {
        const lines = linesOf(snapshotOf(ops));
        const line = JSON.parse(lines[at % lines.length] ?? '') as object;
        const names = Object.keys(line);
        const changed = { ...line, [names[member % names.length] ?? '']: by };
        readLines(lines.with(at % lines.length, JSON.stringify(changed)));
      }),
    );
    check(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json())), (lines) => void readLines(lines)),
    );
  });
});
