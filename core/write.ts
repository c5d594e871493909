/** An op as its mutations see it, and what one of them does. */
import type { Conflict } from './conflict.ts';
import type { RecordState, Stamp } from './record.ts';
import type { Author } from './seen.ts';

export interface Write extends Author, Stamp {}

export interface Applied {
  /** The record afterwards; undefined while nothing has made it. */
  readonly state: RecordState | undefined;
  /** The conflicts that it brought about. */
  readonly found: readonly Conflict[];
  /** The one that it closed. */
  readonly closed?: Conflict;
}

export const stampOf = ({ seq, at, actor, clock }: Stamp): Stamp => ({ seq, at, actor, clock });
