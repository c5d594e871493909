/**
 * Holds the facts of an archive against each other as they come: each log is one chain from its horizon
 * to its head, what is named is there, and where a log has lost its start a snapshot stands for it. Pure.
 * It remembers ids and at most one snapshot.
 */
import { createSnapshotReader, fromHex, nextDigestBytes, toHex } from '../../core/index.ts';
import type { AccountId, ActorId, BootstrapHeader, SpaceId } from '../../core/index.ts';
import { sha256 } from '../log/op-hash.ts';
import { gatherParts } from '../snapshots/parts.ts';
import type { NewSnapshot } from '../store/snapshot-port.ts';
import type { Fact, FactOf } from './facts.ts';

/** A fact as a store can keep it: an op with the chain at it, a snapshot with its text. */
export type Checked =
  | Exclude<Fact, FactOf<'op' | 'snapshot' | 'state'>>
  | (FactOf<'op'> & { readonly digest: Uint8Array })
  | { readonly kind: 'snapshot'; readonly builtAt: number; readonly snapshot: NewSnapshot };

export interface ArchiveCheck {
  /** What the next fact comes to; null while it waits for more. A string says what is wrong with it. */
  take(fact: Fact): Checked | null | string;
  /** What is missing once all were taken, if anything is. */
  end(): string | undefined;
}

export function createArchiveCheck(): ArchiveCheck {
  const accounts = new Set<AccountId>();
  const homes = new Map<SpaceId, string>();
  const spaces = new Set<SpaceId>();
  let current: SpaceCheck | undefined;

  function begin(fact: FactOf<'space'>): Checked | string {
    const missing = current?.end();
    if (missing !== undefined) return missing;
    spaces.add(fact.id);
    current = checkSpace(fact);
    return fact;
  }

  return {
    take(fact) {
      if ('account' in fact && !accounts.has(fact.account)) return `no account ${fact.account}`;
      switch (fact.kind) {
        case 'account':
          accounts.add(fact.id);
          homes.set(fact.home, fact.name);
          return fact;
        case 'token':
        case 'served':
          return fact;
        case 'space':
          return begin(fact);
        default:
          return current ? current.take(fact) : `${fact.kind} stands before its space`;
      }
    },
    end() {
      const homeless = [...homes].find(([home]) => !spaces.has(home));
      return current?.end() ?? (homeless && `the home of ${homeless[1]} is missing`);
    },
  };
}

type OfSpace = Exclude<Fact, FactOf<'account' | 'token' | 'served' | 'space'>>;

interface SpaceCheck {
  take(fact: OfSpace): Checked | null | string;
  end(): string | undefined;
}

function checkSpace(space: FactOf<'space'>): SpaceCheck {
  const actors = new Set<ActorId>();
  /** What the chain has to be at the seqs of its snapshots. */
  const expected = new Map<number, string>([[space.head, space.digest]]);
  let [seq, digest]: [number, Uint8Array] = [space.horizon, fromHex(space.horizonDigest)];
  let snapshots = 0;
  let gathering: SnapshotCheck | undefined;

  /** False where the chain is not what something else says of it. */
  function isAsExpected(): boolean {
    const there = expected.get(seq);
    expected.delete(seq);
    return there === undefined || there === toHex(digest);
  }

  function begin({ builtAt, header }: FactOf<'snapshot'>): Checked | null | string {
    const { space: id, seq: at } = header;
    const other = expected.get(at) ?? header.digest;
    const isHere = id === space.id && header.epoch === space.epoch;
    // Before its log, which the chain is followed along only once.
    const isOnLog = isHere && seq === space.horizon && at >= seq && at <= space.head;
    if (!isOnLog || other !== header.digest) return `snapshot at ${at}: it is not of this log`;
    expected.set(at, header.digest);
    snapshots += 1;
    gathering = checkSnapshot(header, builtAt);
    return ended(gathering);
  }

  function ended(snapshot: SnapshotCheck): Checked | null | string {
    if (snapshot.left() > 0) return null;
    gathering = undefined;
    return snapshot.end();
  }

  function follow(op: FactOf<'op'>): Checked | string {
    // Before its first op: a snapshot may stand at the horizon itself.
    if (seq === space.horizon && !isAsExpected()) return brokenAt(seq);
    seq += 1;
    digest = nextDigestBytes(digest, op, sha256);
    return op.seq === seq && isAsExpected() ? { ...op, digest } : brokenAt(seq);
  }

  const brokenAt = (at: number): string => `the log of space ${space.id} is broken at ${at}`;

  return {
    take(fact) {
      if (fact.kind === 'state') {
        if (!gathering) return 'state stands before its snapshot';
        return gathering.add(fact.line) ?? ended(gathering);
      }
      if (gathering) return 'the snapshot before it is not whole';
      if ('actor' in fact && !actors.has(fact.actor)) return `no actor ${fact.actor}`;
      switch (fact.kind) {
        case 'actor':
          actors.add(fact.id);
          return fact;
        case 'op':
          return follow(fact);
        case 'snapshot':
          return begin(fact);
        case 'access':
        case 'refused':
        case 'gone':
        case 'mark':
          return fact;
      }
    },
    end() {
      const { head, horizon, deletedAt } = space;
      if (gathering) return `the last snapshot of space ${space.id} is not whole`;
      if (seq !== head || (head === horizon && !isAsExpected())) return brokenAt(seq);
      if (horizon === 0 || deletedAt !== null || snapshots > 0) return undefined;
      return `space ${space.id}: its log begins behind ${horizon}, and no snapshot`;
    },
  };
}

interface SnapshotCheck {
  /** Takes the next line of its text. What is wrong with it, if it is. */
  add(line: string): string | undefined;
  /** How many lines are still to come. */
  left(): number;
  end(): Checked | string;
}

function checkSnapshot(header: BootstrapHeader, builtAt: number): SnapshotCheck {
  // By the reader that devices have.
  const reader = createSnapshotReader();
  const parts = gatherParts();
  let left = header.actors + header.records + header.conflicts + header.malformed;
  const named = (fault: string): string => `snapshot at ${header.seq}: ${fault}`;
  const fault = reader.add(JSON.stringify(header));
  return {
    add(line) {
      left -= 1;
      parts.add(line);
      const wrong = reader.add(line);
      return wrong && named(wrong);
    },
    left: () => (fault === undefined ? left : 0),
    end() {
      const read = reader.end();
      if (!read.ok) return named(read.fault);
      const text = parts.end();
      if (text.bytes !== header.bytes) return named('not as long as it says');
      const { epoch: _, ...stored } = header;
      return { kind: 'snapshot', builtAt, snapshot: { header: stored, text } };
    },
  };
}
