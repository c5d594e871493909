/**
 * The ops of a bulk write. What one bulk does to a record that it moves is done where the record ends
 * up, whichever call came first: none of it is in the tables yet, and spaces have no order between
 * them. So a move leaves no edit behind, and what the bulk adds it can move as well.
 */
import type { OpRequest } from '../../core/index.ts';
import { OffingError } from './errors.ts';
import { NO_WRITES } from './field-writes.ts';
import {
  changeOp,
  idOf,
  moveOps,
  spaceOf,
  updateBy,
  type Change,
  type Intent,
  type Move,
  type StoredRow,
} from './intents.ts';

/** The rows that each move may be about. */
export type RowsToMove = ReadonlyMap<Move, readonly StoredRow[]>;

/** A call, and which of the bulk's it is. */
interface Call {
  readonly place: number;
  readonly intent: Intent;
}

/** A record that the bulk moves. */
interface Moved {
  /** As the tables have it; undefined for one that the bulk itself adds. */
  readonly row: StoredRow | undefined;
  /** The spaces by which calls mean it; undefined: whichever it is in. */
  readonly names: Set<string | undefined>;
  /** Where it ends up. */
  to: string;
  readonly calls: readonly Call[];
}

/** Throws OffingError `no_such_record` or `ambiguous_record`, and then nothing is written. */
export function opsOfBulk(intents: readonly Intent[], rows: RowsToMove): OpRequest[] {
  const ops = intents.map((intent) => (intent.kind === 'change' ? [changeOp(intent)] : []));
  for (const calls of callsByRecord(intents)) {
    for (const moved of recordsMoved(calls, rows)) {
      for (const [place, there] of opsThere(moved)) ops[place] = there;
    }
  }
  return ops.flat();
}

/** The calls that name one id of a collection, of those alone that one of them moves. */
function callsByRecord(intents: readonly Intent[]): Call[][] {
  const groups = new Map<string, Call[]>();
  for (const [place, intent] of intents.entries()) {
    const { collection, id } = nameOf(intent);
    const name = JSON.stringify([collection, id]);
    const group = groups.get(name);
    if (group) group.push({ place, intent });
    else groups.set(name, [{ place, intent }]);
  }
  return [...groups.values()].filter((calls) => calls.some(({ intent }) => intent.kind === 'move'));
}

/** There may be several of one id, in as many spaces. */
function recordsMoved(calls: readonly Call[], rows: RowsToMove): Moved[] {
  const all: Moved[] = [];
  for (const [i, { intent }] of calls.entries()) {
    if (intent.kind !== 'move') continue;
    const before = calls.slice(0, i);
    let moved = all.find(({ names }) => names.has(spaceNamed(intent)));
    if (!moved) {
      moved = beginMove(intent, before, rows);
      all.push(moved);
    }
    moved.to = intent.toSpace;
    moved.names.add(intent.toSpace);
    if (isDeleted(before.filter((call) => isAbout(call, moved)))) throw noSuchRecord(intent);
  }
  return all.map((moved) => ({ ...moved, calls: calls.filter((call) => isAbout(call, moved)) }));
}

function beginMove(move: Move, before: readonly Call[], rows: RowsToMove): Moved {
  const space = spaceOf(move.ref);
  const added = before.find(
    ({ intent }) => isAdd(intent) && (space === undefined || intent.space === space),
  );
  const row = added ? undefined : rowToMove(move, rows.get(move) ?? []);
  const from = added ? spaceNamed(added.intent) : row?.space;
  return { row, names: new Set([undefined, from]), to: move.toSpace, calls: [] };
}

function rowToMove(move: Move, [row, other]: readonly StoredRow[]): StoredRow {
  if (!row) throw noSuchRecord(move);
  if (other) throw new OffingError('ambiguous_record', 'Several spaces have this id.');
  return row;
}

const noSuchRecord = ({ of }: Move): OffingError =>
  new OffingError('no_such_record', `No ${of.name} has this id here.`);

/** The record's ops by the places of its calls: all of them where it ends up, from its arrival on. */
function opsThere({ row, to, calls }: Moved): Map<number, OpRequest[]> {
  const ops = new Map(calls.map(({ place, intent }) => [place, callThere(intent, to, calls)]));
  const [first] = calls;
  const move = calls.find(({ intent }) => intent.kind === 'move')?.intent;
  if (!first || move?.kind !== 'move' || !row || row.space === to) return ops;
  // The first move's own changes come where it does.
  const isMove = first.intent === move;
  const arrival = moveOps({ ...move, toSpace: to, ...(!isMove && { writes: NO_WRITES }) }, row);
  return ops.set(first.place, [...arrival, ...(isMove ? [] : (ops.get(first.place) ?? []))]);
}

function callThere(intent: Intent, space: string, calls: readonly Call[]): OpRequest[] {
  if (intent.kind === 'change') return [changeOp({ ...intent, space })];
  const { of, ref, writes } = intent;
  const isNothing = Object.keys(writes.fields).length === 0 && writes.changes.length === 0;
  // A bulk of nothing but this is a write all the same.
  if (isNothing && calls.length > 1) return [];
  return [changeOp(updateBy(of, { id: idOf(ref), space }, writes))];
}

// ── of calls ─────────────────────────────────────────────────────────────────────────────────────

const isAbout = ({ intent }: Call, { names }: Moved): boolean => names.has(spaceNamed(intent));

const spaceNamed = (intent: Intent): string | undefined =>
  intent.kind === 'move' ? spaceOf(intent.ref) : intent.space;

const nameOf = (intent: Intent): { readonly collection: string; readonly id: string } =>
  intent.kind === 'move' ? { collection: intent.of.name, id: idOf(intent.ref) } : intent;

/** The first mutation of a call says what it does to its record. */
function isAdd(intent: Intent): intent is Change {
  if (intent.kind === 'move') return false;
  const [first] = intent.mutations;
  return first?.kind === 'put' && first.new === true;
}

/** Whether these calls leave their record deleted. */
function isDeleted(calls: readonly Call[]): boolean {
  const last = calls
    .map(({ intent }) => intent)
    .filter((intent) => isAdd(intent) || isDeletion(intent))
    .at(-1);
  return last !== undefined && isOf(last, 'delete');
}

const isDeletion = (intent: Intent): boolean => isOf(intent, 'delete') || isOf(intent, 'restore');

const isOf = (intent: Intent, kind: 'delete' | 'restore'): boolean =>
  intent.kind === 'change' && intent.mutations[0]?.kind === kind;
