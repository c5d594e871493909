/**
 * What pages and the host say to each other, through either door: `POST /sync/local` or a message
 * port. Versioned, because after an update a page and a worker of two versions meet.
 */
import type { Seq, SpaceId } from './ids.ts';
import { isObject } from './json.ts';
import type { SequencedOp } from './op.ts';
import type { RowId } from './outbox.ts';
import type { Status } from './status.ts';

/**
 * History of the channel:
 * - 1: the first. Since: `kinds` in an app's config, which a host that does not know it leaves out;
 *   `persistence-asked`, `loss-seen` and `start-anew`, which one refuses, and is asked again;
 *   `former` in a write, which then has no other op, and `let-go`: both are a `bad_request` to a host
 *   that does not know them; `once` of an op, whose resolve counts again with one that does not;
 *   `open` in a ring, which one leaves out, and then fills the smallest list first; the error and
 *   the storage fault `newer`, for which an older page has no words of its own;
 *   `away-seen`, which one refuses, as it tells of nothing that this is about;
 *   `writes`, which a page sends only to a host that says `gathers`; `ahead` in a write, which a host
 *   that does not know it leaves out, and `unfold`, which is asked of one alone that said `ahead`; `index`
 *   of a refused op, without which an older page takes it for all that is in the row.
 */
export const CHANNEL_VERSION = 1;

/** Where an accepted op went: its outbox row and its place in it. */
export interface Receipt {
  readonly space: SpaceId;
  readonly row: RowId;
  readonly index: number;
}

/**
 * What became of a row: still waiting, in the log (the seq by which those of its ops are that were not
 * refused), set aside, or lost by the browser. Writes that were accepted together may share a row.
 */
export type RowOutcome =
  | { readonly row: RowId; readonly kind: 'pending' }
  | { readonly row: RowId; readonly kind: 'synced'; readonly seq: Seq }
  | {
      readonly row: RowId;
      /** The op that it is about; a host of an earlier version says it of the row. */
      readonly index?: number;
      readonly kind: 'refused';
      readonly code: string;
    }
  | { readonly row: RowId; readonly kind: 'lost' }
  | { readonly row: RowId; readonly kind: 'unknown' };

/** Why the host did not do what a page asked. Those of the storage left nothing half-written. */
export const HOST_ERRORS = [
  'bad_request',
  'bad_op',
  'too_large',
  'no_such_record',
  'ambiguous_record',
  /** An op to send again or to discard is not set aside: another page was faster. */
  'not_set_aside',
  /** A conflict that was to be resolved `once` is closed, or resolved here already. */
  'already_resolved',
  /** Nothing to bring back is missing any more: its author or another page was faster. */
  'not_former',
  'forbidden',
  /** The space was deleted on the server: nothing more is taken for it. */
  'space_deleted',
  'not_configured',
  'not_connected',
  'wrong_account',
  'auth_failed',
  'unreachable',
  'storage_full',
  'storage_failed',
  /** A connection of an older version keeps the database from being opened. */
  'storage_blocked',
  /** The database is of a newer version than the host, which leaves it as it is. */
  'storage_newer',
  /** A fault of the host itself; what became of the request is not known. */
  'internal',
] as const;
export type HostErrorCode = (typeof HOST_ERRORS)[number];

export type HostReply =
  | {
      readonly type: 'ok';
      readonly status: Status;
      /** In answer to a greeting by a port: the host takes `writes` there. */
      readonly gathers?: true;
    }
  | {
      readonly type: 'accepted';
      readonly receipts: readonly Receipt[];
      /** It is durable, and its records are still to follow: `unfold` waits for them. */
      readonly ahead?: true;
    }
  | {
      readonly type: 'caught-up';
      readonly status: Status;
      readonly cursors: Readonly<Record<SpaceId, Seq>>;
      /** How often a space was built anew from another history, where it ever was. */
      readonly rebuilt?: Readonly<Record<SpaceId, number>>;
      readonly outcomes: readonly RowOutcome[];
    }
  | { readonly type: 'error'; readonly code: HostErrorCode; readonly detail: string };

/** What became of `writes`: a reply to each, in their order. */
export interface Replies {
  readonly type: 'replies';
  readonly replies: readonly HostReply[];
}

/** What the host tells every page of the origin, unasked. */
export type Notice =
  /** The space is another one now, built anew: what was known of its seqs is of another history. */
  | { readonly offing: typeof CHANNEL_VERSION; readonly type: 'rebuilt'; readonly space: SpaceId }
  /** Remote and own ops as they were folded: `from` and `to` are the seqs of the first and last. */
  | {
      readonly offing: typeof CHANNEL_VERSION;
      readonly type: 'applied';
      readonly space: SpaceId;
      readonly from: Seq;
      readonly to: Seq;
      readonly ops: readonly SequencedOp[];
    }
  | {
      readonly offing: typeof CHANNEL_VERSION;
      readonly type: 'outcomes';
      readonly outcomes: readonly RowOutcome[];
    }
  | { readonly offing: typeof CHANNEL_VERSION; readonly type: 'status'; readonly status: Status };

/** Whether a message is a notice of ours: others may post to the same page. */
export function isNotice(message: unknown): message is Notice {
  return (
    isObject(message) &&
    message['offing'] === CHANNEL_VERSION &&
    typeof message['type'] === 'string'
  );
}
