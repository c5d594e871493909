/** A device that was away for longer than the server keeps what happened: what a person is told of it. Pure. */
import type { RecordState } from './record.ts';

/** What came of it. */
export interface Away {
  /**
   * When the server had last answered (wall time in ms); null where that is not known. For a space that
   * was not followed in between that is not long ago.
   */
  readonly since: number | null;
  /** Own ops that waited, and were kept. */
  readonly kept: number;
  /** Records that they are about and that were deleted meanwhile. */
  readonly deleted: number;
}

/** As a space remembers it: from when the server says so, and what came of it once it is begun anew. */
export type AwayNote = Away | Pick<Away, 'since'>;

/** Both times together, or both spaces. */
export function cameBack(note: AwayNote, more: Away): Away {
  const { since, kept, deleted } = { kept: 0, deleted: 0, ...note };
  return {
    since: since ?? more.since,
    kept: kept + more.kept,
    deleted: deleted + more.deleted,
  };
}

export const isBack = (note: AwayNote): note is Away => 'kept' in note;

/** Of all spaces together; null where none is back. */
export const allAway = (notes: readonly AwayNote[]): Away | null =>
  notes.filter(isBack).reduce<Away | null>((all, one) => (all ? cameBack(all, one) : one), null);

/** Whether a record that was there is there no more. */
export const isGone = (before: RecordState | undefined, now: RecordState | undefined): boolean =>
  before !== undefined && !before.grave && (!now || now.grave !== undefined);
