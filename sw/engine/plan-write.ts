/**
 * What a page's write becomes: outbox rows, one for each space it touches. Decides the space of each
 * op, checks payloads as strictly as a server would, and gives the rows their base.
 */
import {
  asSeq,
  DEFAULT_LIMITS,
  encodePayload,
  isTooLarge,
  parsePayload,
  PAYLOAD_VERSION,
  recordKeyOf,
  type Mutation,
  type OpRequest,
  type OutboxRow,
  type Seq,
  type SpaceId,
} from '../../core/index.ts';
import type { Draft } from './draft.ts';
import { HostError } from './host-error.ts';
import type { Meta, Ports, ReplicaTx } from './ports.ts';
import { newSpaceRow } from './spaces.ts';

/** A page's request: all of its ops, or none. `seen` is what the person had on screen. */
export interface Write {
  readonly ops: readonly { readonly space?: SpaceId | undefined; readonly do: OpRequest['do'] }[];
  readonly seen: Readonly<Record<SpaceId, Seq | undefined>>;
}

/** A row without its id, and where in the request each of its ops came. */
export interface PlannedRow {
  readonly row: Omit<OutboxRow, 'row'>;
  readonly places: readonly number[];
}

interface Context {
  readonly ports: Ports;
  readonly tx: ReplicaTx;
  readonly draft: Draft;
  readonly meta: Meta;
}

interface CheckedOp {
  readonly place: number;
  readonly space: SpaceId;
  readonly payload: string;
  readonly mutations: readonly Mutation[];
}

/** Reads what it needs into the draft and throws HostError before anything has changed. */
export async function planWrite(context: Context, write: Write): Promise<PlannedRow[]> {
  const checked: CheckedOp[] = [];
  for (const [place, op] of write.ops.entries()) {
    const { payload, mutations } = checkPayload(op.do);
    const space = await spaceOf(context, checked, op.space, mutations);
    checked.push({ place, space, payload, mutations });
  }
  const rows: PlannedRow[] = [];
  const spaces = new Set(checked.map((op) => op.space));
  await context.draft.loadSpaces(spaces);
  for (const space of spaces) {
    const ops = checked.filter((op) => op.space === space);
    rows.push(await planRow(context, space, ops, write.seen));
  }
  return rows;
}

function checkPayload(mutationsJson: OpRequest['do']) {
  const payload = encodePayload(mutationsJson);
  if (isTooLarge(payload, DEFAULT_LIMITS)) {
    throw new HostError('too_large', `An op holds at most ${DEFAULT_LIMITS.payloadBytes} bytes.`);
  }
  const parsed = parsePayload(payload, PAYLOAD_VERSION);
  if (parsed.kind !== 'known') {
    throw new HostError('bad_op', parsed.kind === 'malformed' ? parsed.why : 'unknown version');
  }
  return { payload, mutations: parsed.payload.do };
}

/** The space named, the one where the op's records are, or, for new records, the home. */
async function spaceOf(
  { tx, draft, meta }: Context,
  before: readonly CheckedOp[],
  named: SpaceId | undefined,
  mutations: readonly Mutation[],
): Promise<SpaceId> {
  // A page that was open while the device joined an account may still name the home it had then.
  if (named) return named === meta.formerHome ? meta.home : named;
  const existing = mutations.find((mutation) => mutation.kind !== 'put' || !mutation.isNew);
  if (!existing) return meta.home;
  const key = recordKeyOf(existing);
  const made = before.findLast((op) => op.mutations.some((other) => recordKeyOf(other) === key));
  if (made) return made.space;
  const inDraft = draft.spacesOf(key);
  const found = inDraft.length > 0 ? inDraft : await tx.spacesOf(existing);
  const [space, ...others] = found;
  if (!space) throw new HostError('no_such_record', `No ${existing.collection} has this id here.`);
  if (others.length > 0) throw new HostError('ambiguous_record', 'Several spaces have this id.');
  return space;
}

async function planRow(
  { ports, draft }: Context,
  space: SpaceId,
  ops: readonly CheckedOp[],
  seen: Write['seen'],
): Promise<PlannedRow> {
  const row =
    draft.space(space) ??
    draft.putSpace(newSpaceRow(ports, { space, create: true, followed: false }));
  if (row.access === 'read') throw new HostError('forbidden', 'This space can only be read.');
  const mutations = ops.flatMap((op) => op.mutations);
  await draft.loadRecords(space, mutations);
  return {
    places: ops.map((op) => op.place),
    row: {
      space,
      actor: row.actor,
      base: baseOf(draft, space, mutations, Math.min(seen[space] ?? row.cursor, row.cursor)),
      at: ports.clock.now(),
      v: PAYLOAD_VERSION,
      payloads: ops.map((op) => op.payload),
    },
  };
}

/**
 * The seq of the view on screen, but never below the birth of a record that the write is about: who
 * edits a record has seen it, even if the news of it and the page's own count crossed.
 */
function baseOf(draft: Draft, space: SpaceId, mutations: readonly Mutation[], seen: number): Seq {
  const births = mutations
    .filter((mutation) => mutation.kind !== 'put' || !mutation.isNew)
    .map((mutation) => draft.record(space, recordKeyOf(mutation))?.confirmed?.born[0]?.seq ?? 0);
  return asSeq(births.reduce((a, b) => Math.max(a, b), seen));
}
