/**
 * Snapshots as a store keeps them. A snapshot is bound to its log by the chain at its seq, and not by
 * an epoch: after a restore the same states are states of the log that went on from there.
 *
 * The laws:
 *
 * 1. What is answered is what was kept, to the byte: what is not so any more is damaged, and never sent.
 * 2. A snapshot is kept whole or not at all. Of each space the two newest stay, so that one that turns
 *    out to be damaged can be made again from the one before.
 */
import type { BootstrapHeader, Seq, SpaceId } from '../../core/index.ts';
import type { Part, Text } from '../snapshots/parts.ts';
import type { Page, StoredSpace } from './port.ts';

/** What its first line says, but for the epoch, which is the log's of the day. */
export type StoredHeader = Omit<BootstrapHeader, 'epoch'>;

/** A state that was folded from the log, as text. */
export interface NewSnapshot {
  readonly header: StoredHeader;
  /** What stands behind the header. */
  readonly text: Text;
}

export interface StoredSnapshot {
  /** Names it in its store. */
  readonly n: number;
  readonly header: StoredHeader;
  /** Wall time in ms. */
  readonly builtAt: number;
  readonly bytes: number;
  readonly crc32: number;
  /** Their bodies are read one at a time. */
  readonly parts: readonly Omit<Part, 'body'>[];
}

export interface Listed {
  /** Those that lie on the log as it is, the newest first. */
  readonly sound: readonly StoredSnapshot[];
  readonly damaged: readonly number[];
}

/** What a snapshot is built from. */
export interface SnapshotSource {
  /** `null` where there is none, or none any more. */
  space(space: SpaceId): Promise<StoredSpace | null>;
  page(space: SpaceId, since: Seq, ops: number): Promise<Page>;
  list(space: SpaceId): Promise<Listed>;
  /** The compressed text of one part. Rejects with DamagedSnapshotError, or SnapshotGoneError. */
  part(snapshot: StoredSnapshot, index: number): Promise<Uint8Array>;
}

export interface SnapshotStore extends SnapshotSource {
  /** Resolves when it is durable; false where it does not lie on the log, and was not kept. */
  keep(space: SpaceId, snapshot: NewSnapshot, builtAt: number): Promise<boolean>;
  discard(snapshots: readonly number[]): Promise<void>;
  /** Bytes of payload in the log behind `since`. */
  tailBytes(space: SpaceId, since: Seq): Promise<number>;
}
