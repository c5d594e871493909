/** A fold with drops in it, beside a plain reading of what a drop says. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  birthOf,
  conflictsNamed,
  fold,
  parsePayload,
  recordKeyOf,
  touchedBy,
  type SequencedOp,
  type SnapshotRead,
} from '../../core/index.ts';
import { check } from '../support/check.ts';
import { history, splitAt } from '../support/histories.ts';
import { readText, snapshotOf, textOf } from '../support/snapshots.ts';
import {
  canonicalWorld,
  confirmedOf,
  EMPTY_WORLD,
  foldOnto,
  reloadFromJson,
  type World,
} from '../support/world.ts';

const cuts = fc.array(fc.nat(), { maxLength: 6 });
const dropping = history({ drops: true });

/** Op by op, with each drop done to the whole state by the letter of the rules. */
function plainly(ops: readonly SequencedOp[]): World {
  return ops.reduce((world, op) => {
    const parsed = parsePayload(op.payload, op.v);
    return parsed.kind === 'drop' ? without(world, parsed.through) : foldOnto(world, [op]);
  }, EMPTY_WORLD);
}

function without({ records, conflicts, malformed }: World, through: number): World {
  const open = [...conflicts.values()].filter((conflict) => conflict.open).map(recordKeyOf);
  const endsBelow = (seq: number | undefined) => seq !== undefined && seq <= through;
  return {
    records: new Map(
      [...records].filter(([key, { grave }]) => open.includes(key) || !endsBelow(grave?.seq)),
    ),
    conflicts: new Map(
      [...conflicts].filter(([, one]) => one.open || !endsBelow(one.closed?.seq ?? birthOf(one))),
    ),
    malformed,
  };
}

function whole(read: SnapshotRead): World {
  if (!read.ok) throw new Error(read.fault);
  return read.snapshot;
}

describe('a log with drops in it', () => {
  it('[RT1] [RT2] [RT3] loses by each what a plain reading of the rules takes, and nothing else', () => {
    let dropped = 0;
    check(
      fc.property(dropping, (ops) => {
        const world = foldOnto(EMPTY_WORLD, ops);
        expect(canonicalWorld(world)).toBe(canonicalWorld(plainly(ops)));
        const kept = foldOnto(
          EMPTY_WORLD,
          ops.filter(({ v }) => v < 3),
        );
        dropped += kept.records.size - world.records.size;
      }),
    );
    // Else it would have said nothing.
    expect(dropped).toBeGreaterThan(0);
  });

  it('[FO32] [FO37] folds to the same in any split, stored or sent as a snapshot in between', () => {
    const stored = (world: World): World => ({
      ...structuredClone(world),
      records: new Map([...world.records].map(([key, state]) => [key, reloadFromJson(state)])),
    });
    check(
      fc.property(dropping, cuts, fc.boolean(), (ops, places, isSent) => {
        let folded: SequencedOp[] = [];
        const inPieces = splitAt(ops, places).reduce((world, piece) => {
          const after = foldOnto(world, piece);
          folded = [...folded, ...piece];
          const { actors, header } = snapshotOf(folded);
          return isSent ? whole(readText(textOf({ header, actors, ...after }))) : stored(after);
        }, EMPTY_WORLD);
        expect(canonicalWorld(inPieces)).toBe(canonicalWorld(foldOnto(EMPTY_WORLD, ops)));
      }),
    );
  });

  it('[FO36] is told what there is to weigh at or below its seq, and needs no more', () => {
    check(
      fc.property(dropping, fc.nat(), (ops, cut) => {
        const [head = [], rest = []] = splitAt(ops, [cut]);
        const world = foldOnto(EMPTY_WORLD, head);
        const confirmed = confirmedOf(world);
        const [records, conflicts] = [touchedBy(rest), conflictsNamed(rest)];
        const narrow = fold(
          {
            get: (key) => (records.has(key) ? confirmed.get(key) : undefined),
            conflict: (key) => (conflicts.has(key) ? confirmed.conflict(key) : undefined),
            droppable: (through) => {
              const { tombstones, closed, open } = confirmed.droppable(through);
              return {
                tombstones: [...tombstones].filter(({ grave }) => (grave?.seq ?? 0) <= through),
                closed: [...closed].filter((one) => (one.closed?.seq ?? birthOf(one)) <= through),
                open,
              };
            },
          },
          rest,
        );
        expect(narrow).toEqual(fold(confirmed, rest));
      }),
    );
  });
});
