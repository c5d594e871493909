import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyPending,
  deriveView,
  recordKeyOf,
  touchedBy,
  visibleFields,
  type PendingOp,
  type RecordKey,
  type RecordState,
} from '../../core/index.ts';
import { check } from '../support/check.ts';
import { history, IDS, mutationsFrom, rawMutation, splitAt } from '../support/histories.ts';
import { logAfter, nameOf, op, pendingAt, type WrittenOp } from '../support/ops.ts';
import {
  confirmedOf,
  EMPTY_WORLD,
  foldOnto,
  reloadFromJson,
  type World,
} from '../support/world.ts';

const KEYS = IDS.map((id) => recordKeyOf(nameOf(id)));

/** Ops that Z, or Z before and after a fork, has written and not sent. */
const outbox = fc
  .record({
    ops: fc.array(
      fc.record({
        mutations: fc.array(rawMutation, { minLength: 1, maxLength: 3 }),
        unseen: fc.nat(10),
        at: fc.nat(20),
      }),
      { maxLength: 8, size: 'max' },
    ),
    forkAfter: fc.nat(12),
  })
  .map(
    ({ ops, forkAfter }) =>
      (head: number, world: World): WrittenOp[] =>
        ops.map(({ mutations, unseen, at }, i) => {
          const forked = i >= forkAfter;
          const name = forked ? `Z2:${i - forkAfter + 1}` : `Z:${i + 1}`;
          const was = forked ? [`Z:${forkAfter}`] : [];
          return op(name, mutationsFrom(mutations, { known: [...world.conflicts.values()] }), {
            base: Math.max(0, head - unseen),
            at,
            was,
          });
        }),
  );

const viewOf = (world: World, pending: readonly PendingOp[]) =>
  KEYS.map((key) => viewOfOne(world, key, pending));

const viewOfOne = (world: World, key: RecordKey, pending: readonly PendingOp[]) =>
  deriveView(key, world.records.get(key), pending, confirmedOf(world).conflict);

describe('the view', () => {
  it('[RB1] is what the log would give if the pending ops came next in it', () => {
    check(
      fc.property(history(), outbox, (ops, write) => {
        const world = foldOnto(EMPTY_WORLD, ops);
        const written = write(ops.length, world);
        const landed = foldOnto(world, logAfter(ops.length, written));
        const view = viewOf(world, pendingAt(ops.length, written));
        expect(view).toEqual(KEYS.map((key) => visibleFields(landed.records.get(key))));
      }),
      300,
    );
  });

  it('[RB2] grows op by op to what it is when derived from the start', () => {
    check(
      fc.property(history(), outbox, (ops, write) => {
        const world = foldOnto(EMPTY_WORLD, ops);
        const pending = pendingAt(ops.length, write(ops.length, world));
        for (const key of KEYS) {
          const confirmed = world.records.get(key);
          const { conflict } = confirmedOf(world);
          const grown = pending.reduce(
            (state: RecordState | undefined, next) => applyPending(key, state, [next], conflict),
            confirmed,
          );
          expect(grown).toEqual(applyPending(key, confirmed, pending, conflict));
        }
      }),
    );
  });

  it('[RB3] does not depend on restarts: it may be stored and read again at any point', () => {
    const stores: ((state: RecordState) => RecordState)[] = [structuredClone, reloadFromJson];
    check(
      fc.property(history(), outbox, fc.array(fc.nat(2)), (ops, write, restarts) => {
        const world = foldOnto(EMPTY_WORLD, ops);
        const pending = pendingAt(ops.length, write(ops.length, world));
        for (const key of KEYS) {
          const restarted = pending.reduce((state: RecordState | undefined, next, i) => {
            const store = stores[restarts[i] ?? 2];
            const read = state && store ? store(state) : state;
            return applyPending(key, read, [next], confirmedOf(world).conflict);
          }, world.records.get(key));
          expect(visibleFields(restarted)).toEqual(viewOfOne(world, key, pending));
        }
      }),
    );
  });

  it('[RB4] of a record that no new op touches stays as it is', () => {
    check(
      fc.property(history(), outbox, fc.nat(), (ops, write, cut) => {
        const [seen = [], rest = []] = splitAt(ops, [cut]);
        const world = foldOnto(EMPTY_WORLD, seen);
        const pending = pendingAt(seen.length, write(seen.length, world));
        const touched = touchedBy(rest);
        const after = foldOnto(world, rest);
        for (const key of KEYS.filter((name) => !touched.has(name))) {
          expect(viewOfOne(after, key, pending)).toEqual(viewOfOne(world, key, pending));
        }
      }),
    );
  });
});
