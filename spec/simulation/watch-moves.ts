/**
 * P1: a record that moves is at every moment in one of its spaces. Its deletion where it was comes to
 * the log only when its arrival has been there before: a device has to have heard of it.
 */
import { mutationsOf, type MutationJson, type OpRequest } from '../../core/index.ts';
import { Violation } from './faults.ts';
import type { TakenOp } from './logs.ts';
import { markOf } from './words.ts';
import type { World } from './world.ts';

/** A move that somebody was asked to take. */
export interface Move {
  /** Where the record was; absent where that was left to the device to find out. */
  readonly from: string | undefined;
  /** The record, by its collection and id. */
  readonly of: string;
  /** The mark of the op that puts the record where it goes. */
  readonly arrival: string | undefined;
  /** That of the deletion that the page asked to follow, where it is sure to have been meant so. */
  readonly departure: string | undefined;
  /** Its arrival was in a log, be it in one from before a restore. */
  hasArrived: boolean;
}

const recordOf = ({ collection, id }: { collection: string; id: string }) => `${collection}/${id}`;

/**
 * The moves in a write: of many ops any pair may be one, a record made and the same deleted elsewhere.
 * Of two it surely is.
 */
export function movesAsked(ops: readonly OpRequest[]): Move[] {
  return ops.flatMap(({ space: to, do: [put] }, i) => {
    if (put?.kind !== 'put' || !put.new) return [];
    const departures = ops.slice(i + 1).filter((op) => isDeletionOf(op, recordOf(put)));
    return departures
      .filter(({ space: from }) => from === undefined || from !== to)
      .map(({ space: from, do: [deletion] }) => ({
        from,
        of: recordOf(put),
        arrival: markIn(put),
        departure: ops.length === 2 && from && to ? markIn(deletion) : undefined,
        hasArrived: false,
      }));
  });
}

function isDeletionOf({ do: [first, ...others] }: OpRequest, record: string): boolean {
  return first?.kind === 'delete' && others.length === 0 && recordOf(first) === record;
}

const markIn = (mutation: MutationJson | undefined) => markOf(JSON.stringify(mutation ?? {}));

/** Looks at what one exchange brought to the logs. */
export function watchMoves({ moves }: World, taken: readonly TakenOp[]): void {
  for (const { space, op } of taken) {
    const [mutation, ...others] = mutationsOf(op);
    if (mutation?.kind !== 'delete' || others.length > 0) continue;
    const mark = markOf(op.payload);
    // A deletion that a device has written by itself has no mark: it is of any of these.
    const possible = moves.filter(({ from = space, of, departure }) =>
      mark === undefined ? from === space && of === recordOf(mutation) : departure === mark,
    );
    if (possible.length > 0 && !possible.some(({ hasArrived }) => hasArrived))
      throw new Violation(
        'P1',
        `${space} ${op.seq} deletes what has not arrived where it moves to`,
      );
  }
  const arrived = new Set(taken.map(({ op }) => markOf(op.payload)));
  for (const move of moves) move.hasArrived ||= arrived.has(move.arrival);
}
