/**
 * What a device remembers of its replica outside of it, to notice when the browser has lost it: that
 * there was one, which of those it has had, and how much was in it alone. Pure.
 */
import type { Lost } from './storage.ts';

export interface ReplicaMark {
  /** Of which app. */
  readonly name: string;
  /** Counts the replicas that this device has had, from 0. */
  readonly generation: number;
  /** Ops that are in it alone, as last counted; null: it was lost, and there is no other yet. */
  readonly pending: number | null;
}

export interface ReplicaFound {
  readonly name: string;
  /** Absent where there is none. */
  readonly generation?: number;
  readonly pending: number;
}

export interface Marked {
  readonly mark?: ReplicaMark;
  readonly lost?: Lost;
}

/** What is to be remembered from now on, given what was and what is found; undefined: it is the same. */
export function markAfter(
  { mark, lost }: Marked,
  found: ReplicaFound,
  now: number,
): Marked | undefined {
  const { name, generation, pending } = found;
  const known = mark?.name === name ? mark : undefined;
  const isGone =
    known !== undefined &&
    known.pending !== null &&
    (generation === undefined || generation > known.generation);
  const next: ReplicaMark | undefined =
    generation === undefined ? known && { ...known, pending: null } : { name, generation, pending };
  if (isGone) {
    const all = (lost?.pending ?? 0) + (known.pending ?? 0);
    return { ...(next && { mark: next }), lost: { at: now, pending: all } };
  }
  if (generation === undefined) return undefined;
  const isSame = known?.generation === generation && known?.pending === pending;
  return isSame || !next ? undefined : { mark: next };
}

/** Whether it tells of a loss, or of something to lose where there was nothing: the rest can wait for a moment. */
export function isUrgent(marked: Marked, before: ReplicaMark | undefined): boolean {
  const { mark, lost } = marked;
  if (lost || mark?.generation !== before?.generation) return true;
  return !before?.pending;
}

/** The replica that is made now. */
export const nextGeneration = (name: string, mark: ReplicaMark | undefined): number =>
  mark?.name === name ? mark.generation + 1 : 0;

/** Places in the outbox are never used twice, though the database that counts them is gone. */
const ROWS_OF_A_GENERATION = 2 ** 32;
export const firstRowOf = (generation: number): number => generation * ROWS_OF_A_GENERATION + 1;
