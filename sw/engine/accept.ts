/**
 * Accepting a write: outbox and view change in one durable transaction, and the page is answered after
 * it; of many new records the outbox alone, and the view after that (go-ahead.ts). Writes that arrive
 * while one commit is under way share the next: each stands or falls alone in what it asks for, all
 * together in the commit.
 */
import {
  coalesce,
  sharedRows,
  type ConflictKey,
  type OpRef,
  type Receipt,
  type RowId,
} from '../../core/index.ts';
import { configured } from './app-config.ts';
import { AHEAD_SIZES } from './ahead-sizes.ts';
import { applyRow } from './apply-row.ts';
import { checkWrite, type CheckedWrite, type Write } from './check-write.ts';
import { Draft } from './draft.ts';
import { acceptAhead, goingAhead } from './go-ahead.ts';
import { HostError } from './host-error.ts';
import { hideMoving } from './moves.ts';
import { planWrite, type PlannedRow } from './plan-write.ts';
import type { Ports, ReplicaStore, ReplicaTx, Session } from './ports.ts';
import { preload, type Guess } from './preload.ts';
import { receiptsOf } from './receipts.ts';
import { sealedAtOnce } from './seal-at-once.ts';
import { ensureMeta, followRegistry } from './spaces.ts';
import { typeOn } from './type-on.ts';
import { unfoldAll, unfolded } from './unfold.ts';
import { wallTime } from './wall-time.ts';

export interface Accepted {
  readonly receipts: readonly Receipt[];
  /** Its records are still to follow: see go-ahead.ts. */
  readonly isAhead: boolean;
}

type Result = (Accepted & { readonly ok: true }) | { readonly ok: false; readonly error: unknown };

interface Waiting {
  readonly write: CheckedWrite;
  readonly settle: (result: Result) => void;
}

/** The first of a burst are committed while the others still come; more in one commit would make those wait too long. */
const WRITES_PER_COMMIT = 1024;

export interface Acceptance {
  /** Resolves when the write is durable; rejects with HostError or StorageError. */
  accept(write: Write): Promise<Accepted>;
  /** Resolves when the records of all that went ahead are in the view; rejects with StorageError. */
  unfold(): Promise<void>;
}

/** `store` is the one of `given`, for what waits for no records of writes that went ahead before it. */
export function createAccept(given: Ports, store: ReplicaStore): Acceptance {
  const { atOnce, fewest, waiting } = given.aheadSizes ?? AHEAD_SIZES;
  const ports = { ...given, ahead: unfolded(store, { atOnce, most: waiting }) };
  const queue: Waiting[] = [];
  const guess: Guess = {};
  let committing = false;
  let last: Promise<unknown> = Promise.resolve();
  /** As far as is known here, records are still to follow: whatever does not go ahead waits for them. */
  let isFollowing = false;

  async function commitAll(): Promise<void> {
    committing = true;
    while (queue.length > 0) {
      // What was asked for at once shares the first commit as well.
      await Promise.resolve();
      const writes = queue.slice(0, WRITES_PER_COMMIT).map(({ write }) => write);
      const results = await commitFirst(ports, writes, {
        guess,
        fewest: isFollowing ? 1 : fewest,
      });
      isFollowing ||= results.some((result) => result.ok && result.isAhead);
      const settled = queue.splice(0, results.length);
      for (const [i, { settle }] of settled.entries()) settle(results[i] as Result);
    }
    committing = false;
  }

  async function accept(write: Write): Promise<Accepted> {
    const checked = checkWrite(write);
    const settled = new Promise<Result>((settle) => {
      queue.push({ write: checked, settle });
      if (!committing) void commitAll();
    });
    last = settled;
    const result = await settled;
    if (!result.ok) throw result.error;
    return result;
  }

  // To be durable is more urgent than to be in the view: what waits for that just now goes before.
  const unfold = coalesce(async () => {
    await unfoldAll(store, { atOnce }, () => last);
    isFollowing = false;
  });

  return { accept, unfold };
}

interface AcceptPorts extends Ports {
  /** For what goes ahead: it waits for no more than a few of those before it. */
  readonly ahead: ReplicaStore;
}

/**
 * Commits the first of the writes, as many as may share a commit. One result for each of them; a fault of
 * the storage is the result of all: nothing of them was kept.
 */
async function commitFirst(
  ports: AcceptPorts,
  writes: readonly CheckedWrite[],
  { guess, fewest }: { readonly guess: Guess; readonly fewest: number },
): Promise<Result[]> {
  let group = writes;
  try {
    const session = await configured(ports);
    const ahead = goingAhead(writes, { registry: session.config.registry, fewest });
    if (ahead.length === 0)
      return await ports.store.write((tx) => acceptAll({ ports, tx, session, guess }, writes));
    group = ahead;
    const kept = await ports.ahead.write((tx) => acceptAhead({ ports, tx, session }, ahead));
    return kept.map((receipts) => ({ ok: true, receipts, isAhead: true }));
  } catch (error) {
    return group.map(() => ({ ok: false, error }));
  }
}

interface Accepting {
  readonly ports: Ports;
  readonly tx: ReplicaTx;
  readonly session: Session;
  readonly guess: Guess;
}

async function acceptAll(
  { ports, tx, session, guess }: Accepting,
  writes: readonly CheckedWrite[],
): Promise<Result[]> {
  const draft = new Draft(tx);
  const ops = writes.flatMap((write) => write.ops);
  const meta = await preload(draft, ops, guess, ensureMeta(ports, tx, session));
  const around = { placed: new Map(), resolving: new Set<ConflictKey>() };
  const context = { ports, tx, draft, meta, at: wallTime(ports), ...around };
  const plans: (readonly PlannedRow[] | HostError)[] = [];
  for (const write of writes) plans.push(await planWrite(context, write).catch(refusalOf));
  const [only] = plans;
  if (plans.length === 1 && Array.isArray(only)) plans[0] = sealedAtOnce(draft, session, only);

  const accepted = plans.flatMap((plan) => (plan instanceof HostError ? [] : [plan]));
  const placeOf = await keepRows({ tx, draft }, accepted);
  await followRegistry(ports, draft, meta.home, session.config?.registry);
  await draft.save();
  return plans.map((plan) =>
    plan instanceof HostError
      ? { ok: false, error: plan }
      : { ok: true, receipts: receiptsOf(plan, placeOf), isAhead: false },
  );
}

/** Stores the rows and applies them to the view; returns where each is in the outbox. */
async function keepRows(
  { tx, draft }: { tx: ReplicaTx; draft: Draft },
  plans: readonly (readonly PlannedRow[])[],
): Promise<Map<PlannedRow, OpRef>> {
  const planned = plans.flat();
  const [only] = planned;
  // In a commit of several writes none is typed on: what came between would have to be looked at.
  const typed = only && planned.length === 1 ? await typeOn(tx, draft, only.row) : undefined;
  if (only && typed) return new Map([[only, { row: typed.row, index: 0 }]]);
  const shared = sharedRows(planned.map(({ row }) => row));
  const ids = await tx.addRows(shared.rows);
  const places = shared.places.map(({ row, index }) => ({ row: ids[row] as RowId, index }));
  const placeOf = new Map(planned.map((one, i) => [one, places[i] as OpRef]));
  for (const plan of plans) {
    for (const one of plan) {
      const { row, index } = placeOf.get(one) as OpRef;
      applyRow(draft, { ...one.row, row }, index);
    }
    // Only now: the rows of one write are in no order between spaces.
    for (const one of plan) hideMoving(draft, { ...one.row, row: (placeOf.get(one) as OpRef).row });
  }
  return placeOf;
}

function refusalOf(error: unknown): HostError {
  if (error instanceof HostError) return error;
  throw error;
}
