/**
 * Builds a snapshot: the newest one that is sound, and what the log has behind it, folded by the same
 * fold as on every device.
 *
 *   snapshot at 1,000 ─► state ─► ops 1,001 … 2,300, link by link ─► the log's own digest? ─► text
 *
 * It is not trusted before it was held against the log: the chain over the ops that went into it has
 * to be the log's at its seq, and its text has to be read back as what was written.
 */
import {
  createSnapshotReader,
  EMPTY_DIGEST,
  fromHex,
  nextDigestBytes,
  snapshotLines,
  toHex,
  WholeState,
} from '../../core/index.ts';
import type { Epoch, Seq, SequencedOp, Snapshot, SnapshotRead, SpaceId } from '../../core/index.ts';
import { sha256 } from '../log/op-hash.ts';
import { BrokenLogError, DamagedSnapshotError } from '../store/faults.ts';
import type { StoredSpace } from '../store/port.ts';
import type { NewSnapshot, SnapshotSource, StoredSnapshot } from '../store/snapshot-port.ts';
import { headerOf, textOf } from './read.ts';
import { inflated, partsOf } from './parts.ts';

export interface Built {
  /** `null` where the log has nothing new, or nothing that this code knows how to fold. */
  readonly snapshot: NewSnapshot | null;
  /** Snapshots that were found to be damaged on the way. */
  readonly damaged: readonly number[];
}

/** How many ops are held at once. */
const PAGE = 1000;

/** Throws BrokenLogError where the log contradicts itself, or begins above every sound snapshot. */
export async function buildSnapshot(source: SnapshotSource, id: SpaceId): Promise<Built> {
  const space = await source.space(id);
  if (!space) return { snapshot: null, damaged: [] };
  const { base, damaged, isTooNew } = await newestSound(source, id, space.epoch);
  if (isTooNew) return { snapshot: null, damaged };
  if (!base && space.horizon > 0) {
    throw new BrokenLogError(
      `space ${id}: its log begins behind ${space.horizon}, and no snapshot`,
    );
  }
  const start = base?.header.seq ?? 0;
  const state = new WholeState(base);
  const digest = await follow(source, id, state, base?.header.digest ?? EMPTY_DIGEST, space.head);
  if (state.seq === start) return { snapshot: null, damaged };
  return { snapshot: await textFrom(id, space, state, digest), damaged };
}

interface Base {
  /** What is gone on from: nothing is, where the log is folded from its start. */
  readonly base: Snapshot | undefined;
  readonly damaged: readonly number[];
  /** The newest is of a grammar that this code is too old for, and nothing newer can be made. */
  readonly isTooNew?: true;
}

/** Every listed one is on the log; what is damaged inside is found by reading it. */
async function newestSound(source: SnapshotSource, id: SpaceId, epoch: Epoch): Promise<Base> {
  const { sound, damaged } = await source.list(id);
  const found = [...damaged];
  for (const stored of sound) {
    const read = await readBack(source, stored, epoch);
    if (read?.ok) return { base: read.snapshot, damaged: found };
    if (read?.version !== undefined) return { base: undefined, damaged: found, isTooNew: true };
    found.push(stored.n);
  }
  return { base: undefined, damaged: found };
}

async function readBack(
  source: SnapshotSource,
  stored: StoredSnapshot,
  epoch: Epoch,
): Promise<SnapshotRead | undefined> {
  try {
    return await readText(headerOf(stored, epoch), textOf(source, stored));
  } catch (error) {
    if (error instanceof DamagedSnapshotError) return undefined;
    throw error;
  }
}

async function readText(
  header: Buffer,
  texts: Iterable<Buffer> | AsyncIterable<Buffer>,
): Promise<SnapshotRead> {
  const reader = createSnapshotReader();
  const add = (text: Buffer): void => {
    // Each piece ends with a line.
    for (const line of text.toString().split('\n').slice(0, -1)) reader.add(line);
  };
  add(header);
  for await (const text of texts) add(text);
  return reader.end();
}

/** Folds the log up to `head`, or to where a grammar begins that is not known here. Returns the digest. */
async function follow(
  source: SnapshotSource,
  id: SpaceId,
  state: WholeState,
  start: string,
  head: Seq,
): Promise<string> {
  let digest = fromHex(start);
  while (state.seq < head) {
    const page = await source.page(id, state.seq, Math.min(PAGE, head - state.seq));
    if (page.ops[0]?.seq !== state.seq + 1) throw brokenAt(id, state.seq + 1);
    const links = linksOf(digest, page.ops);
    const last = links.at(-1);
    if (!last || toHex(last) !== page.digest) throw brokenAt(id, page.ops.at(-1)?.seq ?? head);
    const { count, stopped } = state.fold(page.ops);
    digest = links[count - 1] ?? digest;
    if (stopped) break;
  }
  return toHex(digest);
}

function linksOf(start: Uint8Array, ops: readonly SequencedOp[]): Uint8Array[] {
  let digest = start;
  return ops.map((op) => (digest = nextDigestBytes(digest, op, sha256)));
}

const brokenAt = (id: SpaceId, seq: number): BrokenLogError =>
  new BrokenLogError(`the log of space ${id} is broken at ${seq}`);

async function textFrom(
  id: SpaceId,
  { epoch, horizon }: StoredSpace,
  state: WholeState,
  digest: string,
): Promise<NewSnapshot> {
  const { seq, actors, records, conflicts, malformed } = state;
  const header = { space: id, epoch, seq, digest, horizon };
  const lines = snapshotLines({ header, actors, records, conflicts, malformed });
  const first = Buffer.from(`${lines.next().value ?? ''}\n`);
  const text = partsOf(lines);
  const read = await readText(
    first,
    text.parts.map(({ body }) => inflated(body)),
  );
  // A state that this very code cannot read would lock out every new device.
  if (!read.ok) throw new Error(`the snapshot of space ${id} cannot be read: ${read.fault}`);
  const { epoch: _, ...rest } = read.snapshot.header;
  return { header: rest, text };
}
