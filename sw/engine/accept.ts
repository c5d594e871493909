/**
 * Accepting a write: outbox and view change in one durable transaction, and the page's promise
 * resolves after it. Writes that arrive while one commit is under way share the next: each stands
 * or falls alone in what it asks for, all together in the commit.
 */
import {
  pendingOp,
  applyPending,
  mutationsOf,
  recordKeyOf,
  type OutboxRow,
  type Receipt,
  type RowId,
} from '../../core/index.ts';
import { Draft } from './draft.ts';
import { HostError } from './host-error.ts';
import { planWrite, type PlannedRow, type Write } from './plan-write.ts';
import type { Ports, ReplicaTx } from './ports.ts';
import { ensureMeta, followRegistry } from './spaces.ts';

export type Accepted =
  | { readonly ok: true; readonly receipts: readonly Receipt[] }
  | { readonly ok: false; readonly error: unknown };

interface Waiting {
  readonly write: Write;
  readonly settle: (result: Accepted) => void;
}

/** More than this in one commit makes the first of them wait too long. */
const WRITES_PER_COMMIT = 256;

/** Returns `accept`, which resolves when the write is durable; it rejects with HostError or StorageError. */
export function createAccept(ports: Ports): (write: Write) => Promise<readonly Receipt[]> {
  const queue: Waiting[] = [];
  let committing = false;

  async function commitAll(): Promise<void> {
    committing = true;
    while (queue.length > 0) {
      const group = queue.splice(0, WRITES_PER_COMMIT);
      const results = await commitGroup(
        ports,
        group.map(({ write }) => write),
      );
      for (const [i, { settle }] of group.entries()) settle(results[i] as Accepted);
    }
    committing = false;
  }

  return async (write) => {
    const result = await new Promise<Accepted>((settle) => {
      queue.push({ write, settle });
      if (!committing) void commitAll();
    });
    if (!result.ok) throw result.error;
    return result.receipts;
  };
}

/** One result for each write. A fault of the storage is the result of all: nothing of them was kept. */
async function commitGroup(ports: Ports, writes: readonly Write[]): Promise<Accepted[]> {
  try {
    const { config } = await ports.session.load();
    return await ports.store.write((tx) => acceptAll(ports, tx, writes, config?.registry));
  } catch (error) {
    return writes.map(() => ({ ok: false, error }));
  }
}

async function acceptAll(
  ports: Ports,
  tx: ReplicaTx,
  writes: readonly Write[],
  registry: string | undefined,
): Promise<Accepted[]> {
  const meta = await ensureMeta(ports, tx);
  const draft = new Draft(tx);
  const results: Accepted[] = [];
  for (const write of writes) {
    try {
      const rows = await planWrite({ ports, tx, draft, meta }, write);
      const ids = await tx.addRows(rows.map(({ row }) => row));
      for (const [i, { row }] of rows.entries()) applyRow(draft, { ...row, row: ids[i] as RowId });
      // The draft is written even where a later write of the group is refused: a refusal changes nothing.
      await followRegistry(ports, draft, meta.home, registry);
      results.push({ ok: true, receipts: receiptsOf(rows, ids) });
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      results.push({ ok: false, error });
    }
  }
  await draft.save();
  return results;
}

/** Puts a row's ops on top of the records that it touches, and counts them as pending. */
function applyRow(draft: Draft, row: OutboxRow): void {
  for (const index of row.payloads.keys()) {
    const op = pendingOp(row, index);
    for (const name of uniqueNames(op)) {
      const key = recordKeyOf(name);
      const before = draft.record(row.space, key) ?? { ...name, key, pending: [] };
      const state = applyPending(key, before.rebased ?? before.confirmed, [op]);
      draft.putRecord(row.space, {
        ...before,
        pending: [...before.pending, { row: row.row, index }],
        ...(state && { rebased: state }),
      });
    }
  }
  const space = draft.space(row.space);
  if (space) draft.putSpace({ ...space, pending: space.pending + row.payloads.length });
}

function uniqueNames(op: { payload: string; v: number }) {
  const names = mutationsOf(op).map(({ collection, id }) => ({ collection, id }));
  return new Map(names.map((name) => [recordKeyOf(name), name])).values();
}

function receiptsOf(rows: readonly PlannedRow[], ids: readonly RowId[]): Receipt[] {
  const receipts: Receipt[] = [];
  for (const [i, { row, places }] of rows.entries()) {
    for (const [index, place] of places.entries()) {
      receipts[place] = { space: row.space, row: ids[i] as RowId, index };
    }
  }
  return receipts;
}
