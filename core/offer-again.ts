/**
 * Own ops in another history: which of them it has, under their own name or by a copy of this device,
 * and which are to be offered again. Pure: rows in, rows out.
 */
import { asClock, type ActorId, type Clock } from './ids.ts';
import type { SequencedOp } from './op.ts';
import { clockAt, clocksUnder, type OutboxRow, type RowId } from './outbox.ts';
import { saidBy, type Was } from './payload.ts';

/** What a copy of an op has in common with it, whatever its name, its base and its author's ids. */
export const contentOf = ({ at, payload }: { at: number; payload: string }): string =>
  `${at} ${saidBy(payload)}`;

/**
 * Where an op of ours is in a log: under its own name, under another one, not at all, or not at all
 * and another op has its name.
 */
export type Whereabouts = 'there' | 'copied' | 'nowhere' | 'displaced';

export interface NamedOp {
  readonly actor: ActorId;
  /** Absent where it is not sealed yet. */
  readonly clock: Clock | undefined;
  readonly at: number;
  readonly payload: string;
}

/**
 * Looks for own ops in a log, each op of which is one of them at most. `snapshotted` is the last clock
 * of each actor whose op is not among `ops`, but below them in a snapshot.
 */
export function locate<Op extends NamedOp>(
  own: readonly Op[],
  ops: readonly SequencedOp[],
  snapshotted: ReadonlyMap<ActorId, Clock>,
): Map<Op, Whereabouts> {
  const named = new Map(ops.map((op) => [`${op.actor} ${op.clock}`, op]));
  const found = new Map<Op, Whereabouts>();
  const taken = new Set<SequencedOp>();
  for (const op of own) {
    const { actor, clock, at, payload } = op;
    const there = clock === undefined ? undefined : named.get(`${actor} ${clock}`);
    const isBelow = clock !== undefined && clock <= (snapshotted.get(actor) ?? 0);
    // A server may have set the op's time back to its own, never forward.
    const isIt = there && there.at <= at && saidBy(there.payload) === saidBy(payload);
    if (isIt || (!there && isBelow)) found.set(op, 'there');
    else found.set(op, there ? 'displaced' : 'nowhere');
    if (isIt) taken.add(there);
  }
  const others = new Map<string, number>();
  for (const op of ops.filter((one) => !taken.has(one)))
    others.set(contentOf(op), (others.get(contentOf(op)) ?? 0) + 1);
  for (const [op, where] of found) {
    const left = where === 'there' ? 0 : (others.get(contentOf(op)) ?? 0);
    if (left === 0) continue;
    others.set(contentOf(op), left - 1);
    found.set(op, 'copied');
  }
  return found;
}

export interface OwnOps {
  readonly actor: ActorId;
  readonly selves: readonly Was[];
  /** The last clock that was given to a row. */
  readonly sealed: Clock;
  /** The last clock of ours that the log has. */
  readonly inLog: Clock;
  readonly settled: readonly OutboxRow[];
  readonly rows: readonly OutboxRow[];
}

export interface OfferedAgain {
  /** The outbox as it is to be, in order. */
  readonly rows: readonly OutboxRow[];
  /** Those of them that were settled. */
  readonly back: readonly RowId[];
  /**
   * What went under a former id and cannot go under it any more, or under that of a copy and has lost its
   * turn by now: to be sealed under the present one, so it comes last, for clocks are given in the order
   * of rows.
   */
  readonly added: readonly Omit<OutboxRow, 'row'>[];
  /** The rows that those were taken from, as they are to be kept. */
  readonly moved: readonly OutboxRow[];
  /** Rows of the outbox that are in the log by a copy of this device. */
  readonly copied: readonly OutboxRow[];
  /** Our ops up to here are in the log under their own names. */
  readonly covered: Clock;
  /** The first of our clocks that another op has there. */
  readonly forkAt?: Clock;
  /** All own ops that the log has not under their own names, by these names. */
  readonly elsewhere: readonly (NamedOp & { readonly v: number })[];
}

/** An own op at its place, under the id that it went under or is to go under. */
interface PlacedOp extends NamedOp {
  readonly v: number;
  readonly row: OutboxRow;
  readonly index: number;
}

function placedIn(row: OutboxRow, actors: readonly ActorId[]): PlacedOp[] {
  const names = actors.flatMap((actor) =>
    [...clocksUnder(row, actor)].map(([clock, index]) => [index, { actor, clock }] as const),
  );
  const nameAt = new Map(names);
  return [...row.payloads.entries()].flatMap(([index, payload]) => {
    if (row.gone?.includes(index)) return [];
    const name = nameAt.get(index) ?? { actor: row.actor, clock: undefined };
    return [{ ...name, at: row.at, v: row.v, payload, row, index }];
  });
}

export function offeredAgain(
  own: OwnOps,
  ops: readonly SequencedOp[],
  snapshotted: ReadonlyMap<ActorId, Clock>,
): OfferedAgain {
  const { actor, selves, settled, rows } = own;
  const ids = [...selves.map((self) => self.actor), actor];
  const all = [...settled, ...rows].toSorted((a, b) => a.row - b.row);
  const where = locate(
    all.flatMap((row) => placedIn(row, ids)),
    ops,
    snapshotted,
  );
  const forkAt = firstForeign(own, where, ops);
  const covered = asClock(Math.min(own.inLog, (forkAt ?? Infinity) - 1));
  const ofRow = (row: OutboxRow) => [...where].filter(([op]) => op.row === row);
  const missing = (row: OutboxRow, isOurs: (id: ActorId) => boolean): number[] =>
    ofRow(row).flatMap(([op, found]) =>
      isOurs(op.actor) && (found === 'nowhere' || found === 'displaced') ? [op.index] : [],
    );
  const isPresent = (id: ActorId): boolean => id === actor;
  const isFormer = (id: ActorId): boolean => id !== actor;

  const waiting = rows.map((row) => withoutCopied(row, missing(row, isPresent), covered));
  const left = waiting.filter((row) => row !== undefined);
  const lost = settled.filter((row) => row.actor === actor && missing(row, isPresent).length > 0);
  const lastWithClock = [...left, ...lost].reduce(
    (last, { seal, row }) => (seal ? Math.max(last, row) : last),
    0,
  );
  // That a copy had brought, and what has its clock already lies behind it.
  const isPassed = (row: OutboxRow): boolean =>
    !row.seal && row.row < lastWithClock && lost.includes(row);
  const back = lost
    .filter((row) => !isPassed(row))
    .map((row) => waitingFor(row, missing(row, isPresent), covered));
  const toComeLast = all.map(
    (row) => [row, missing(row, isPassed(row) ? () => true : isFormer)] as const,
  );
  const offered = [...left, ...back].toSorted((a, b) => a.row - b.row);
  const now = new Map([...all, ...offered].map((row) => [row.row, row]));
  return {
    rows: offered,
    back: back.map(({ row }) => row),
    added: toComeLast.flatMap(([row, indexes]) => unsealed(row, indexes, actor)),
    moved: toComeLast.flatMap(([{ row }, indexes]) => withGone(now.get(row), indexes)),
    copied: rows.filter((_, i) => waiting[i] === undefined),
    covered,
    ...(forkAt !== undefined && { forkAt }),
    elsewhere: [...where].flatMap(([op, found]) => (found === 'there' ? [] : [op])),
  };
}

const withGone = (row: OutboxRow | undefined, indexes: readonly number[]): OutboxRow[] =>
  row && indexes.length > 0 ? [{ ...row, gone: [...(row.gone ?? []), ...indexes] }] : [];

/** The first clock of ours under which the log has what a copy of this device has written. */
function firstForeign(
  { actor, sealed }: OwnOps,
  where: ReadonlyMap<PlacedOp, Whereabouts>,
  ops: readonly SequencedOp[],
): Clock | undefined {
  const ours = new Map<Clock, Whereabouts>();
  for (const [op, found] of where)
    if (op.actor === actor && op.clock !== undefined) ours.set(op.clock, found);
  const foreign = ops.flatMap((op) => {
    if (op.actor !== actor) return [];
    const found = ours.get(op.clock);
    // Rows that were settled long ago are forgotten.
    const isForeign = found === undefined ? op.clock > sealed : found !== 'there';
    return isForeign ? [op.clock] : [];
  });
  return foreign.length > 0 ? asClock(Math.min(...foreign)) : undefined;
}

/** The row as it is to wait: what a copy has brought into the log needs no second sending. */
function waitingFor(row: OutboxRow, missing: readonly number[], covered: Clock): OutboxRow {
  const done = [...row.payloads.keys()].filter(
    (index) =>
      index >= (row.before ?? 0) &&
      !missing.includes(index) &&
      !row.gone?.includes(index) &&
      (clockAt(row, index) ?? Infinity) > covered,
  );
  return done.length > 0 ? { ...row, gone: [...(row.gone ?? []), ...done] } : row;
}

function unsealed(
  row: OutboxRow,
  missing: readonly number[],
  actor: ActorId,
): Omit<OutboxRow, 'row'>[] {
  if (missing.length === 0) return [];
  const payloads = missing.map((index) => row.payloads[index] ?? '');
  const { space, base, at, v, resolves } = row;
  return [{ space, actor, base, at, v, payloads, ...(resolves && { resolves }) }];
}

/** A row of the outbox without what the log has by a copy; undefined where that is all that it waits for. */
function withoutCopied(
  row: OutboxRow,
  missing: readonly number[],
  covered: Clock,
): OutboxRow | undefined {
  const left = waitingFor(row, missing, covered);
  if (left === row) return row;
  const isDone = [...left.payloads.keys()].every(
    (index) => index < (left.before ?? 0) || left.gone?.includes(index),
  );
  return isDone ? undefined : left;
}
