/** The status, derived from facts, so that it cannot look healthy while ops do not leave. */
import { isStalled, type Phase, type Retry, type Status } from './status.ts';

/** What it is derived from; what is told just as it is has the same name. */
export interface StatusFacts extends Omit<Status, 'phase' | 'delivery' | 'stalled' | 'waiting'> {
  readonly now: number;
  readonly paused: boolean;
  readonly authFailed: boolean;
  readonly updateNeeded: boolean;
  readonly retry: Retry | null;
  readonly syncing: boolean;
  /** A space is being filled for the first time. */
  readonly isFilling: boolean;
  readonly canSyncInBackground: boolean;
}

export function deriveStatus(facts: StatusFacts): Status {
  const { account, pending, oldestPendingAt, lastSyncedAt, behind, trouble } = facts;
  const { troubled, filling, storage, storageFault, lost, away } = facts;
  const oldest = pending > 0 ? oldestPendingAt : null;
  const phase = derivePhase(facts);
  return {
    phase,
    account,
    pending,
    oldestPendingAt: oldest,
    lastSyncedAt,
    behind,
    filling,
    setAside: facts.setAside,
    conflicts: facts.conflicts,
    former: facts.former,
    delivery: facts.canSyncInBackground ? 'background' : 'while-open',
    stalled: isStalled({ account, oldestPendingAt: oldest, phase }, facts.now),
    waiting: facts.retry && { until: facts.retry.until, failure: facts.retry.failure },
    trouble,
    troubled,
    storage,
    storageFault,
    lost,
    away,
  };
}

/** The first that holds: what a person can act on comes before what passes by itself. */
function derivePhase(facts: StatusFacts): Phase {
  if (facts.storageFault) return 'storage-failed';
  if (facts.updateNeeded) return 'update-needed';
  if (facts.paused) return 'paused';
  if (facts.account === null) return 'idle';
  if (facts.authFailed) return 'needs-auth';
  if (facts.syncing) return facts.isFilling ? 'bootstrapping' : 'syncing';
  if (facts.retry) return facts.retry.failure.kind === 'network' ? 'offline' : 'waiting';
  return 'idle';
}
