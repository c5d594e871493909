/**
 * What a device does about an error that a server gave for one of its spaces: the decision, pure.
 * The table in docs/answers.md has each of them against each phase.
 */
import { asClock, asSeq, type Clock, type Epoch, type Seq } from './ids.ts';
import type { Progress } from './outbox.ts';
import type { SpaceError } from './wire.ts';

export type Remedy =
  /** It is said in the status, and the server is asked again. */
  | { readonly kind: 'wait' }
  /** The server takes no ops of this space for now: it is pulled alone for a while. */
  | { readonly kind: 'pull-only' }
  /** Nothing pending of this space will ever be taken. */
  | { readonly kind: 'set-aside' }
  /** Our ops from clock `at` on need an actor of their own. */
  | { readonly kind: 'fork'; readonly at: Clock }
  /** The same log in a new generation: nothing folded here is missing there. */
  | ({ readonly kind: 'new-epoch' } & Generation)
  /** Another log than was folded here: the replica is built anew from it. */
  | ({ readonly kind: 'other-history' } & Generation)
  /** The same log, and what comes next is gone from it: the replica is built anew from a snapshot. */
  | { readonly kind: 'bootstrap' }
  /** The log is gone: it is made again from what is here. */
  | { readonly kind: 'make-again' };

interface Generation {
  readonly epoch: Epoch | undefined;
  /** The last seq that both logs have. */
  readonly from: Seq;
  /** The last clock of ours that the server still has. */
  readonly acked: Clock;
}

export interface Standing {
  readonly cursor: Seq;
  readonly epoch?: Epoch;
  readonly progress: Progress;
  /** Its epoch was taken on the server's word, and the log has not agreed with our digest since. */
  readonly isUnproven: boolean;
  /** Whether the account made the space, so that it may make it again. */
  readonly own: boolean;
}

const isOfHistory = ({ code }: SpaceError): boolean =>
  code === 'epoch_changed' || code === 'cursor_ahead' || code === 'digest_mismatch';

const NOTHING_SHARED = asSeq(0);

export function remedyFor(
  error: SpaceError,
  { cursor, epoch, progress, isUnproven, own }: Standing,
): Remedy {
  const acked = error.acked ?? asClock(0);
  // Of a log that was never here no other can be the former one: we named no epoch and no cursor.
  if (epoch === undefined && isOfHistory(error)) return { kind: 'wait' };
  switch (error.code) {
    case 'actor_forked':
      // What was folded as ours is ours, whatever a server says of it.
      return { kind: 'fork', at: asClock(Math.max(error.clock ?? 0, progress.folded + 1)) };
    case 'epoch_changed': {
      const from = error.from ?? NOTHING_SHARED;
      const kind = cursor <= from ? 'new-epoch' : 'other-history';
      return { kind, epoch: error.epoch, from, acked };
    }
    case 'cursor_ahead':
    case 'digest_mismatch':
      return { kind: 'other-history', epoch: undefined, from: NOTHING_SHARED, acked };
    case 'clock_gap': {
      const last = asClock(Math.max(0, (error.expected ?? 1) - 1));
      // We leave no gap: a server that finds one has forgotten what it had settled.
      return last < progress.acked
        ? { kind: 'other-history', epoch: undefined, from: NOTHING_SHARED, acked: last }
        : { kind: 'wait' };
    }
    case 'cursor_expired':
      // Whoever missed a restore before the last hears a `from` that may be of a log which they never
      // had, and what would tell it is gone.
      return isUnproven
        ? { kind: 'other-history', epoch: undefined, from: NOTHING_SHARED, acked }
        : { kind: 'bootstrap' };
    case 'no_such_space':
      // A space never folded here may yet be made by who names it; one of others' is theirs to make
      // again, and until then what is known of it stays to be seen.
      return epoch !== undefined && own ? { kind: 'make-again' } : { kind: 'wait' };
    case 'forbidden':
    case 'space_deleted':
      return { kind: 'set-aside' };
    case 'space_full':
    case 'protocol_unsupported':
      return { kind: 'pull-only' };
  }
}
