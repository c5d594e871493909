/**
 * What a space's log folds to, from the newest snapshot that is sound and the ops behind it, by the same
 * fold as on every device. It is held against the log's digest, link by link.
 */
import {
  createSnapshotReader,
  EMPTY_DIGEST,
  fromHex,
  nextDigestBytes,
  toHex,
  WholeState,
} from '../../core/index.ts';
import type { Epoch, Seq, SequencedOp, Snapshot, SnapshotRead, SpaceId } from '../../core/index.ts';
import { sha256 } from '../log/op-hash.ts';
import { BrokenLogError, DamagedSnapshotError } from '../store/faults.ts';
import type { StoredSpace } from '../store/port.ts';
import type { SnapshotSource, StoredSnapshot } from '../store/snapshot-port.ts';
import { headerOf, textOf } from './read.ts';

export interface FoldedSpace {
  readonly space: StoredSpace;
  /** At the head, or where a grammar begins that is not known here. */
  readonly state: WholeState;
  readonly digest: string;
  /** Where it was gone on from. */
  readonly start: Seq;
  /** Snapshots that were found to be damaged on the way. */
  readonly damaged: readonly number[];
}

/** How many ops are held at once. */
const PAGE = 1000;

/**
 * `null` for a space that is not there, or whose newest snapshot is of a grammar that this code is too
 * old for. Throws BrokenLogError where the log contradicts itself, or begins above every sound snapshot.
 */
export async function foldSpace(source: SnapshotSource, id: SpaceId): Promise<FoldedSpace | null> {
  const space = await source.space(id);
  if (!space) return null;
  const { base, damaged, isTooNew } = await newestSound(source, id, space.epoch);
  if (isTooNew) return null;
  if (!base && space.horizon > 0) {
    throw new BrokenLogError(
      `space ${id}: its log begins behind ${space.horizon}, and no snapshot`,
    );
  }
  const state = new WholeState(base);
  const start = state.seq;
  const before = base?.header.digest ?? EMPTY_DIGEST;
  const digest = await followLog(source, { id, state, digest: before, to: space.head });
  return { space, state, digest, start, damaged };
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

/** Undefined for one that is damaged. */
export async function readBack(
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

export async function readText(
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

export interface Following {
  readonly id: SpaceId;
  /** Grows. */
  readonly state: WholeState;
  /** The chain at the state's seq. */
  readonly digest: string;
  readonly to: Seq;
}

/** Folds the log up to `to`, or to where a grammar begins that is not known here. Returns the digest. */
export async function followLog(
  source: SnapshotSource,
  { id, state, digest: start, to }: Following,
): Promise<string> {
  let digest = fromHex(start);
  while (state.seq < to) {
    const page = await source.page(id, state.seq, Math.min(PAGE, to - state.seq));
    if (page.ops[0]?.seq !== state.seq + 1) throw brokenAt(id, state.seq + 1);
    const links = linksOf(digest, page.ops);
    const last = links.at(-1);
    if (!last || toHex(last) !== page.digest) throw brokenAt(id, page.ops.at(-1)?.seq ?? to);
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
