/** A device that was away for longer than the server keeps what happened: what a person is told of it. Pure. */
import type { RecordState } from './record.ts';

/** What came of it. */
export interface Away {
  /** When the server had last answered (wall time in ms); null where that is not known. */
  readonly since: number | null;
  /** Own ops that waited, and were kept. */
  readonly kept: number;
  /** Those of them that are about what was deleted meanwhile. */
  readonly deleted: number;
}

/** As a space remembers it: from when the server says so, and what came of it once it is begun anew. */
export type AwayNote = Away | Pick<Away, 'since'>;

const HOUR_MS = 3_600_000;

/** A space that was not followed for long was away without its device: nobody knows for how long. */
export const awaySince = (lastSyncedAt: number | undefined, now: number): AwayNote => ({
  since: lastSyncedAt !== undefined && now - lastSyncedAt > HOUR_MS ? lastSyncedAt : null,
});

/** Adds to what the person has not seen of the time before. */
export const cameBack = (note: AwayNote, { kept, deleted }: Omit<Away, 'since'>): Away => ({
  since: note.since,
  kept: kept + ('kept' in note ? note.kept : 0),
  deleted: deleted + ('kept' in note ? note.deleted : 0),
});

/** Of all spaces together; null where none is back. */
export function allAway(notes: readonly AwayNote[]): Away | null {
  const back = notes.filter((note) => 'kept' in note);
  if (back.length === 0) return null;
  const times = back.flatMap(({ since }) => since ?? []);
  return {
    since: times.length > 0 ? Math.min(...times) : null,
    kept: back.reduce((sum, { kept }) => sum + kept, 0),
    deleted: back.reduce((sum, { deleted }) => sum + deleted, 0),
  };
}

/** Whether a record that was there is there no more. */
export const isGone = (before: RecordState | undefined, now: RecordState | undefined): boolean =>
  before !== undefined && !before.grave && (now === undefined || now.grave !== undefined);
