/**
 * What was confirmed here in a former history and is not in the present one: kept when a replica is
 * built anew, and less of it with each op by which somebody brings it back.
 */
import {
  byRecord,
  changesSince,
  presentOp,
  recordKeyOf,
  stillMissing,
  type Evidence,
  type OfferedAgain,
  type RecordKey,
  type RecordState,
  type SequencedOp,
} from '../../core/index.ts';
import type { Draft } from './draft.ts';
import type { FormerRecord, RecordName, ReplicaTx, SpaceRow, StoredRecord } from './ports.ts';
import type { State } from './state.ts';

/** The record as a person sees it. */
export const viewOf = (record: StoredRecord | undefined): RecordState | undefined =>
  record?.rebased ?? record?.confirmed;

export interface Histories {
  /** The records of the former one. */
  readonly before: ReadonlyMap<RecordKey, StoredRecord>;
  /** The present one, and own ops that wait to be in it. */
  readonly state: State;
  readonly viewOf: (key: RecordKey) => RecordState | undefined;
  /** Own ops that wait, and those that a copy of this device has brought there, by their own names. */
  readonly elsewhere: OfferedAgain['elsewhere'];
}

/** `space` is the row as it is in the present history. */
export async function keepMissing(
  tx: ReplicaTx,
  space: SpaceRow,
  { before, state, viewOf: shown, elsewhere }: Histories,
): Promise<void> {
  const opsOf = byRecord([
    ...state.ops.map((op) => presentOp({ ...op, isFolded: true })),
    ...elsewhere.map(presentOp),
  ]);
  const evidenceOf = (key: RecordKey): Evidence => ({
    view: shown(key),
    ops: opsOf.get(key) ?? [],
    isInLog: ({ actor, clock }) => clock <= (state.snapshotted.get(actor) ?? 0),
    lastOf: (actor) => state.actors.get(actor),
  });
  // What an earlier restore took away may be in this history.
  await lessen(tx, await tx.allFormer(space.space), evidenceOf);
  const found: FormerRecord[] = [];
  for (const [key, { collection, id, confirmed }] of before) {
    if (!confirmed) continue;
    const changes = changesSince(confirmed, state.records.get(key), state.common);
    const missing = stillMissing(changes, evidenceOf(key));
    if (missing.length === 0) continue;
    const history = (space.rebuilt?.times ?? 1) - 1;
    found.push({ space: space.space, history, collection, id, confirmed, missing });
  }
  await tx.putFormer(found);
}

/** Of these records what is missing still. */
async function lessen(
  tx: ReplicaTx,
  kept: readonly FormerRecord[],
  evidenceOf: (key: RecordKey) => Evidence,
): Promise<void> {
  if (kept.length === 0) return;
  const now = kept.map((record) => ({
    ...record,
    missing: stillMissing(record.missing, evidenceOf(recordKeyOf(record))),
  }));
  await tx.putFormer(now.filter(({ missing }) => missing.length > 0));
  await tx.removeFormer(now.filter(({ missing }) => missing.length === 0));
}

/** After a fold in a space that was built anew: what came back with these ops is missing no more. */
export async function noteReturned(
  tx: ReplicaTx,
  draft: Draft,
  space: SpaceRow,
  folded: { readonly ops: readonly SequencedOp[]; readonly names: readonly RecordName[] },
): Promise<void> {
  if (!space.rebuilt || folded.ops.length === 0) return;
  const opsOf = byRecord(folded.ops.map(presentOp));
  await lessen(tx, await tx.formerOf(space.space, folded.names), (key) => ({
    view: viewOf(draft.record(space.space, key)),
    ops: opsOf.get(key) ?? [],
  }));
}
