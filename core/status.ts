/** The status a person sees, and what a page makes of it by itself. The host derives it from facts. */
import type { Away } from './away.ts';
import type { AccountId } from './ids.ts';
import type { Failure } from './failure.ts';
import type { Lost, StorageFault, StorageState } from './storage.ts';

export type Phase =
  | 'starting'
  | 'idle'
  | 'syncing'
  | 'bootstrapping'
  | 'offline'
  | 'waiting'
  | 'needs-auth'
  | 'paused'
  | 'update-needed'
  | 'storage-failed';

export interface Status {
  readonly phase: Phase;
  /** Whose data this is; null while this device keeps it alone. */
  readonly account: { readonly id: AccountId; readonly name: string } | null;
  /** Ops accepted here and not yet folded from the log. */
  readonly pending: number;
  /** Wall time in ms of the oldest of them; null if there is none. */
  readonly oldestPendingAt: number | null;
  /** Wall time in ms of the last exchange that the server answered; null before the first. */
  readonly lastSyncedAt: number | null;
  /** Ops known to be in the log that are not here yet. */
  readonly behind: number;
  /** How much has come of the snapshots that lists are filled from, or built anew; null where none is. */
  readonly filling: Amount | null;
  /** Ops the server refused, kept for the person. */
  readonly setAside: number;
  /** Conflicts that wait for the person's word, those resolved here not counted. */
  readonly conflicts: number;
  /** Records of which something was confirmed here and is not on the server since it was restored. */
  readonly former: number;
  /** Whether pending ops leave with the app closed, or only while it is open. */
  readonly delivery: 'background' | 'while-open';
  /** Pending ops have waited for more than a minute, whatever the phase says of the reason. */
  readonly stalled: boolean;
  /** For `waiting` and `offline`: when the next try is due (wall time in ms) and why it waits. */
  readonly waiting: { readonly until: number; readonly failure: Failure } | null;
  /** A space that cannot be synced as it is, with the server's code: the first of `troubled`. */
  readonly trouble: { readonly space: string; readonly code: string } | null;
  /** How many spaces cannot be synced as they are. */
  readonly troubled: number;
  /** What the browser says of this device's storage; null where it says nothing. */
  readonly storage: StorageState | null;
  /** For `storage-failed`: what is wrong with it. */
  readonly storageFault: StorageFault | null;
  /** The browser lost what was kept here, and it was fetched anew; null once the person has seen it. */
  readonly lost: Lost | null;
  /**
   * This device was away for longer than the server keeps what happened, and spaces were begun anew;
   * null once the person has seen it.
   */
  readonly away: Away | null;
}

/** Of all snapshots that are being fetched together; `of…` is what there is, as far as it is known. */
export interface Amount {
  /** What is here of these is not all. */
  readonly spaces: readonly string[];
  readonly records: number;
  readonly ofRecords: number;
  readonly bytes: number;
  readonly ofBytes: number;
}

/** A failed exchange, and when to try again (wall times in ms). */
export interface Retry {
  readonly attempt: number;
  /** When it failed. */
  readonly since: number;
  readonly until: number;
  readonly failure: Failure;
}

/** Whether the next try is not due yet. A clock that was set back must not lengthen the wait. */
export const isWaiting = ({ since, until }: Pick<Retry, 'since' | 'until'>, now: number): boolean =>
  since <= now && now < until;

/** How long pending ops may wait for no known reason before that is said. */
export const STALL_MS = 60_000;

/**
 * Whether ops have waited for too long, with somewhere to go. One of a time to come tells that the
 * clock was set back: how long it has waited nobody knows.
 */
export const isStalled = (
  { account, oldestPendingAt, phase }: Pick<Status, 'account' | 'oldestPendingAt' | 'phase'>,
  now: number,
): boolean =>
  account !== null &&
  oldestPendingAt !== null &&
  Math.abs(now - oldestPendingAt) > STALL_MS &&
  phase !== 'paused';

/** Before the host has said anything. */
export const STARTING: Status = {
  phase: 'starting',
  account: null,
  pending: 0,
  oldestPendingAt: null,
  lastSyncedAt: null,
  behind: 0,
  filling: null,
  setAside: 0,
  conflicts: 0,
  former: 0,
  delivery: 'while-open',
  stalled: false,
  waiting: null,
  trouble: null,
  troubled: 0,
  storage: null,
  storageFault: null,
  lost: null,
  away: null,
};
