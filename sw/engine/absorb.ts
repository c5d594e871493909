/**
 * Taking in an answer: one transaction that folds what came, rebases the records it touched, takes
 * own ops out of the outbox and moves the cursor. What it decides is core's; this reads and writes.
 */
import {
  asClock,
  asSeq,
  digestThrough,
  fold,
  type Clock,
  type Folded,
  type PushAnswer,
  type RowOutcome,
  type Seq,
  type SequencedOp,
  type SpaceAnswer,
  type SpaceError,
  type SpaceId,
} from '../../core/index.ts';
import { Draft } from './draft.ts';
import { completeOps, type OwnRows, type Verdict } from './own-ops.ts';
import type { Outgoing } from './outgoing.ts';
import type { Meta, Ports, ReplicaTx, SpaceRow } from './ports.ts';
import { rebaseTouched } from './rebase-touched.ts';
import { ensureMeta, followRegistry } from './spaces.ts';

/** What there is to tell once an answer is in: `from` and `to` are the first and last seq folded. */
export interface Absorbed {
  readonly applied: readonly { space: SpaceId; from: Seq; to: Seq; ops: readonly SequencedOp[] }[];
  readonly outcomes: readonly RowOutcome[];
  /** Something moved: it is worth asking again at once while there is more. */
  readonly advanced: boolean;
  /** The server has more of a space that is followed, or a space has more to send. */
  readonly more: boolean;
  readonly updateNeeded: boolean;
}

interface SpaceResult {
  readonly ops: readonly SequencedOp[];
  readonly outcomes: readonly RowOutcome[];
  readonly advanced: boolean;
  readonly updateNeeded: boolean;
}

const NOTHING: SpaceResult = { ops: [], outcomes: [], advanced: false, updateNeeded: false };

/** Takes in the whole answer to `outgoing`, all its spaces in one transaction. */
export async function absorb(
  ports: Ports,
  outgoing: Outgoing,
  answer: PushAnswer,
): Promise<Absorbed> {
  const { config } = await ports.session.load();
  return ports.store.write(async (tx) => {
    const meta = await ensureMeta(ports, tx);
    const context: Context = { ports, tx, meta, registry: config?.registry };
    const results = new Map<SpaceId, SpaceResult>();
    for (const [space, part] of Object.entries(answer.spaces) as [SpaceId, SpacePart][]) {
      if (!Object.hasOwn(outgoing.request.spaces, space)) continue;
      // Read one by one: what is folded in the home says which of the others are followed.
      const row = await tx.space(space);
      if (!row) continue;
      const carried = outgoing.carried.get(space) ?? asClock(0);
      results.set(
        space,
        'error' in part
          ? await takeError(context, row, part.error, carried)
          : await takeAnswer(context, row, part, carried),
      );
    }
    return summary(results, await tx.spaces());
  });
}

type SpacePart = NonNullable<PushAnswer['spaces'][SpaceId]>;

interface Context {
  readonly ports: Ports;
  readonly tx: ReplicaTx;
  readonly meta: Meta;
  readonly registry: string | undefined;
}

/**
 * The space cannot be synced as it is: that is said, and nothing here is folded. What the server
 * had settled of this very request counts all the same, refusals with it.
 */
async function takeError(
  context: Context,
  row: SpaceRow,
  { code, acked, refused }: SpaceError,
  carried: Clock,
): Promise<SpaceResult> {
  const verdict = { acked: acked ?? row.progress.acked, carried, refused: refused ?? [] };
  const own = await completeOps(context.tx, row, { ops: [], refused: verdict.refused });
  if (!own.ok || (row.trouble === code && carried === 0)) return NOTHING;
  const next = { ...row, trouble: code };
  return foldInto(context, { row: next, own, verdict, digest: row.digest });
}

async function takeAnswer(
  context: Context,
  row: SpaceRow,
  answer: SpaceAnswer,
  carried: Clock,
): Promise<SpaceResult> {
  const { ports, tx } = context;
  const first = answer.ops[0]?.seq;
  // Another context may have folded this while the answer was on its way: only what begins at the
  // cursor + 1, in this log's own generation, may be folded, and that is checked here, inside.
  if (row.epoch !== undefined && row.epoch !== answer.epoch)
    return trouble(tx, row, 'epoch_changed');
  if (first !== undefined && first !== row.cursor + 1) return NOTHING;
  if (answer.acked > row.progress.sealed) return trouble(tx, row, 'actor_forked');
  if (saysNothingNew(row, answer, carried)) return NOTHING;

  const own = await completeOps(tx, row, answer);
  if (!own.ok) return trouble(tx, row, own.code);
  const digest = digestThrough(row.digest, own.ops, ports.sha256);
  if (answer.ops.length > 0 && digest !== answer.digest) return trouble(tx, row, 'digest_mismatch');

  const { epoch, head, access, refused, acked } = answer;
  const next = { ...withoutTrouble(row), epoch, head, access, create: false };
  return foldInto(context, { row: next, own, verdict: { acked, carried, refused }, digest });
}

/** A poll that found nothing writes nothing. */
function saysNothingNew(row: SpaceRow, answer: SpaceAnswer, carried: Clock): boolean {
  const { ops, refused, epoch, head, access } = answer;
  const sameSpace = row.epoch === epoch && row.head === head && row.access === access;
  return sameSpace && !row.trouble && carried === 0 && ops.length + refused.length === 0;
}

interface Folding {
  /** As it is to be afterwards, but for what the fold itself moves. */
  readonly row: SpaceRow;
  readonly own: OwnRows & { readonly ops: readonly SequencedOp[] };
  readonly verdict: Verdict;
  /** The log's digest after the last of the ops. */
  readonly digest: string;
}

async function foldInto(
  context: Context,
  { row, own, verdict, digest }: Folding,
): Promise<SpaceResult> {
  const { ports, tx, meta, registry } = context;
  const draft = new Draft(tx);
  await draft.loadSpaces([row.space]);
  await draft.loadRecords(row.space, own.names);
  const folded = fold({ get: (key) => draft.record(row.space, key)?.confirmed }, own.ops);
  const ops = own.ops.slice(0, folded.count);
  const settled = own.settle(ops, verdict);
  const cursor = asSeq(row.cursor + folded.count);
  const space = draft.putSpace({
    ...row,
    progress: settled.progress,
    pending: row.pending - settled.left,
    cursor,
    // A fold that stopped keeps the digest of where it stopped.
    digest: folded.stopped ? digestThrough(row.digest, ops, ports.sha256) : digest,
    head: asSeq(Math.max(row.head, cursor)),
  });
  await rebaseTouched({ tx, draft, space, folded, ops, ownRows: settled.rows, gone: settled.gone });
  await writeSettled(tx, ports.clock.now(), settled);
  if (row.space === meta.home) await followRegistry(ports, draft, meta.home, registry);
  await writeFolded(tx, row.space, folded);
  await draft.save();
  return {
    ops,
    outcomes: settled.outcomes,
    advanced: folded.count > 0 || settled.left > 0 || settled.progress.acked > row.progress.acked,
    updateNeeded: folded.stopped !== undefined,
  };
}

/** How long own ops are kept after they are in the log, for a server that is restored to before them. */
const RECOVERY_WINDOW_MS = 30 * 24 * 3_600_000;

async function writeSettled(tx: ReplicaTx, now: number, settled: ReturnType<OwnRows['settle']>) {
  if (settled.aside.length > 0) await tx.putAside(settled.aside);
  if (settled.changed.length > 0) await tx.putRows(settled.changed);
  if (settled.done.length > 0) await tx.deleteRows(settled.done.map(({ row }) => row));
  const inLog = settled.done.filter((row) => row.seq !== undefined);
  if (inLog.length === 0) return;
  await tx.putSettled(inLog.map((row) => ({ ...row, seq: row.seq as Seq, settledAt: now })));
  await tx.dropSettledBefore(now - RECOVERY_WINDOW_MS);
}

async function writeFolded(tx: ReplicaTx, space: SpaceId, folded: Folded): Promise<void> {
  if (folded.conflicts.size > 0) await tx.putConflicts(space, folded.conflicts);
  if (folded.malformed.length > 0) await tx.putMalformed(space, folded.malformed);
}

async function trouble(tx: ReplicaTx, row: SpaceRow, code: string): Promise<SpaceResult> {
  if (row.trouble !== code) await tx.putSpaces([{ ...row, trouble: code }]);
  return NOTHING;
}

function withoutTrouble({ trouble: _, ...row }: SpaceRow): SpaceRow {
  return row;
}

function summary(results: ReadonlyMap<SpaceId, SpaceResult>, rows: readonly SpaceRow[]): Absorbed {
  const parts = [...results].map(([space, result]) => ({ space, ...result }));
  return {
    applied: parts.flatMap(({ space, ops }) => {
      const from = ops[0]?.seq;
      const to = ops.at(-1)?.seq;
      return from === undefined || to === undefined ? [] : [{ space, from, to, ops }];
    }),
    outcomes: parts.flatMap(({ outcomes }) => outcomes),
    advanced: parts.some(({ advanced }) => advanced),
    more: rows.some((row) => !row.trouble && hasMore(row)),
    updateNeeded: parts.some(({ updateNeeded }) => updateNeeded),
  };
}

/** Ops of the log that are not here, ops of ours that are not there, or a space never asked about. */
const hasMore = (row: SpaceRow): boolean =>
  row.pending > 0 || (row.followed && (row.head > row.cursor || row.epoch === undefined));
