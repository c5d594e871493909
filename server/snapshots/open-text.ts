/** The text of a snapshot as it is answered: its header in the epoch of the day, and what is stored. */
import { createGzip } from 'node:zlib';
import { Readable } from 'node:stream';
import type { Epoch } from '../../core/index.ts';
import { DamagedSnapshotError } from '../store/faults.ts';
import type { SnapshotSource, StoredSnapshot } from '../store/snapshot-port.ts';
import { gzipOf, headerOf, textOf } from './read.ts';

export interface OpenText {
  /** Names it: another text has another. */
  readonly name: string;
  /** Header included. */
  readonly bytes: number;
  /** From byte `from` up to byte `to`, which is not in it. */
  plain(from: number, to: number): AsyncIterable<Uint8Array>;
  /** From byte `from` to the end, as a stream of gzip. */
  gzip(from: number): AsyncIterable<Uint8Array>;
}

export interface Opening {
  readonly snapshots: Pick<SnapshotSource, 'part'>;
  readonly snapshot: StoredSnapshot;
  readonly epoch: Epoch;
  /** Called before a reading fails on it. */
  readonly onDamage: () => void;
}

export function openText({ snapshots, snapshot, epoch, onDamage }: Opening): OpenText {
  const header = headerOf(snapshot, epoch);
  const source: Pick<SnapshotSource, 'part'> = {
    async part(of, index) {
      try {
        return await snapshots.part(of, index);
      } catch (error) {
        if (error instanceof DamagedSnapshotError) onDamage();
        throw error;
      }
    },
  };

  async function* plain(from: number, to: number): AsyncGenerator<Uint8Array, void> {
    const head = header.subarray(from, to);
    if (head.length > 0) yield head;
    const start = Math.max(from - header.length, 0);
    if (to > header.length) yield* textOf(source, snapshot, start, to - header.length);
  }

  return {
    name: `${epoch}-${snapshot.header.seq}`,
    bytes: header.length + snapshot.bytes,
    plain,
    gzip: (from) =>
      from === 0
        ? gzipOf(source, snapshot, header)
        : Readable.from(plain(from, header.length + snapshot.bytes)).pipe(createGzip()),
  };
}
