/** Short ways to say how a log stands and what is asked of it, for tests. */
import {
  asClock,
  asEpoch,
  asSeq,
  DEFAULT_LIMITS,
  EMPTY_DIGEST,
  FIRST_SEQ,
} from '../../core/index.ts';
import type { AccountId, ActorId, Clock, SpaceId } from '../../core/index.ts';
import type { Circumstances } from '../log/admit.ts';
import type { Standing } from '../log/enter.ts';
import { hashOfReceived, unplaced } from '../log/op-hash.ts';
import type { LogRequest, RealOp, SentOp } from '../log/request.ts';
import type { Kept, StoredActor, StoredSpace } from '../store/port.ts';

/** A UUIDv7 that is the same for the same number. */
const uuid = (kind: string, n: number): string =>
  `0199${kind}000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const spaceId = (n: number): SpaceId => uuid('a', n) as SpaceId;
export const actorId = (n: number): ActorId => uuid('b', n) as ActorId;
export const accountId = (n: number): AccountId => uuid('c', n) as AccountId;

export const SPACE = spaceId(1);
export const ACTOR = actorId(1);
export const ANN = accountId(1);
export const NOW = 1_763_650_000_000;
export const EPOCH = asEpoch('e1');

type Loose<T> = {
  readonly [Name in keyof T]?: T[Name] extends number | null | undefined ? number | null : T[Name];
};

export const op = (clock: number, more: Loose<RealOp> = {}): RealOp =>
  ({ clock, base: 0, at: NOW - 1000, v: 1, payload: `{"op":${clock}}`, ...more }) as RealOp;

export const voided = (clock: number): SentOp => ({ clock: asClock(clock), void: true });

export const request = (more: Loose<LogRequest> = {}): LogRequest =>
  ({ space: SPACE, actor: ACTOR, since: FIRST_SEQ, ops: [], ...more }) as LogRequest;

export const space = (more: Loose<StoredSpace> = {}): StoredSpace =>
  ({
    epoch: EPOCH,
    from: FIRST_SEQ,
    head: FIRST_SEQ,
    horizon: FIRST_SEQ,
    digest: EMPTY_DIGEST,
    isDeleted: false,
    ...more,
  }) as StoredSpace;

export const actor = (last: number, more: Loose<StoredActor> = {}): StoredActor =>
  ({
    account: ANN,
    last: asClock(last),
    cursor: null,
    pushedFrom: asClock(0),
    seen: 0,
    ...more,
  }) as StoredActor;

export const standing = (more: Partial<Standing> = {}): Standing => ({
  space: space(),
  access: 'write',
  mayMake: true,
  actor: null,
  kept: new Map(),
  refused: [],
  digestAtSince: EMPTY_DIGEST,
  ...more,
});

export const circumstances = (more: Partial<Circumstances> = {}): Circumstances => ({
  account: ANN,
  now: NOW,
  served: 0,
  limits: DEFAULT_LIMITS,
  newEpoch: () => asEpoch('new'),
  ...more,
});

/** What is kept of these ops: in the log, unless said otherwise. */
export const kept = (ops: readonly RealOp[], isInLog = true): Map<Clock, Kept> =>
  new Map(
    ops.map((sent) => {
      const op = unplaced(ACTOR, sent);
      return [sent.clock, isInLog ? { isInLog, op } : { isInLog, hash: hashOfReceived(op) }];
    }),
  );

export const seqs = (ops: readonly { readonly seq: number }[]): number[] =>
  ops.map(({ seq }) => asSeq(seq));
