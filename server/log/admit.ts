/**
 * The heart of the server: what becomes of one request about one space. Pure and synchronous: facts
 * in, a plan out. Knows no transaction, no HTTP and no token; op-log.ts performs it.
 *
 * The order of the checks is a promise of the protocol:
 *
 *   may you? ─► is the actor yours? ─► forked? ─► fences ─► gap, version ─► each op by itself
 *
 * A fork comes before the fences, so that a clone never hears "settled" of the other's op.
 */
import { asClock, asSeq, EMPTY_DIGEST, PAYLOAD_VERSIONS, SERVER_ACTOR } from '../../core/index.ts';
import type {
  AccountId,
  Clock,
  Epoch,
  Limits,
  Refused,
  Seq,
  SpaceError,
} from '../../core/index.ts';
import type { LogRow, PageAsk, Plan, StoredActor } from '../store/port.ts';
import { enter } from './enter.ts';
import type { Entry, Standing } from './enter.ts';
import { fenceOf } from './fences.ts';
import type { LogRequest } from './request.ts';
import { settle } from './settle.ts';
import type { Settled } from './settle.ts';

export interface Circumstances {
  readonly account: AccountId;
  readonly now: number;
  /** How long servers have run on this database: what actors are seen at. */
  readonly served: number;
  readonly limits: Limits;
  /** For a space made by this request. */
  readonly newEpoch: () => Epoch;
}

export type Admission =
  | { readonly kind: 'refused'; readonly error: SpaceError }
  | {
      readonly kind: 'admitted';
      readonly epoch: Epoch;
      readonly head: Seq;
      readonly horizon: Seq;
      readonly access: 'read' | 'write';
      /** The account made the space. */
      readonly own: boolean;
      readonly acked: Clock;
      readonly refused: readonly Refused[];
      readonly taken: readonly Clock[];
      /** The chain at `since`, for a page without ops. */
      readonly digestAtSince: string;
      readonly made: boolean;
      /** What this request added to the log, and the chain before that. */
      readonly appended: readonly LogRow[];
      readonly digestBefore: string;
    };

export function admit(
  facts: Standing,
  request: LogRequest,
  circumstances: Circumstances,
): Plan<Admission> {
  const entry = enter(facts, request, circumstances.newEpoch);
  if ('code' in entry) return turnedAway(entry);
  const isAnothers = facts.actor !== null && facts.actor.account !== circumstances.account;
  if (isAnothers || request.actor === SERVER_ACTOR) return turnedAway({ code: 'forbidden' });
  const at: Position = {
    ...entry,
    last: facts.actor?.last ?? asClock(0),
    digestAtSince: entry.made ? EMPTY_DIGEST : facts.digestAtSince,
    unheard: unheardOf(facts, request),
  };
  const settled = settleAll(facts, request, circumstances, at);
  const error = stopOf(settled, request, at);
  if (error) return turnedAway(error);
  if (settled.kind !== 'settled') throw new Error(`${settled.kind} has no error`);
  return planOf(facts, request, circumstances, at, settled);
}

/** Where the request meets the log. */
interface Position extends Entry {
  readonly last: Clock;
  readonly digestAtSince: string | null;
  readonly unheard: readonly Refused[];
}

/** The refusals to repeat: whoever begins a push above one has heard it. */
const unheardOf = ({ refused }: Standing, { ops: [first] }: LogRequest): readonly Refused[] =>
  first ? refused.filter((refusal) => refusal.clock >= first.clock) : refused;

/** Why nothing of this request is taken, or null. */
function stopOf(settled: Settled, request: LogRequest, at: Position): SpaceError | null {
  if (settled.kind === 'forked') return { code: 'actor_forked', clock: settled.clock };
  const fence = fenceOf(at.space, request, at.digestAtSince);
  // What is settled is settled behind a fence too, and so are its refusals: on the word of this
  // answer the client stops sending those ops.
  if (fence) return { ...fence, acked: at.last, refused: [...at.unheard] };
  if (settled.kind === 'gap') return { code: 'clock_gap', expected: settled.expected };
  if (settled.kind === 'unknown-version') {
    return { code: 'protocol_unsupported', versions: [...PAYLOAD_VERSIONS] };
  }
  return null;
}

function planOf(
  facts: Standing,
  request: LogRequest,
  circumstances: Circumstances,
  { space, access, made, unheard, digestAtSince }: Position,
  { last, append, refuse, taken }: Extract<Settled, { kind: 'settled' }>,
): Plan<Admission> {
  const { now, limits } = circumstances;
  const actor = nextActor(facts.actor, request, circumstances, last);
  const hasForgotten = unheard.length < facts.refused.length;
  const writes = {
    make: made ? { epoch: space.epoch, at: now } : null,
    actor: actor ?? facts.actor,
    append,
    refuse,
    forgetBelow: hasForgotten ? (request.ops[0]?.clock ?? null) : null,
  };
  const head = append.at(-1)?.seq ?? space.head;
  return {
    // A poll that learns and brings nothing writes nothing.
    writes: made || actor || hasForgotten ? writes : null,
    page: request.acksOnly || isMore(request, head) ? null : pageFor(request, limits),
    reply: {
      kind: 'admitted',
      epoch: space.epoch,
      head,
      horizon: space.horizon,
      access: access === 'read' ? 'read' : 'write',
      own: access === 'own',
      acked: last,
      refused: [...unheard, ...refuse.map(({ hash: _, ...refusal }) => refusal)],
      taken,
      digestAtSince: digestAtSince ?? EMPTY_DIGEST,
      made,
      appended: append,
      digestBefore: space.digest,
    },
  };
}

/** Whether more is new than who asks would begin with. */
const isMore = ({ whole, since, limit = Infinity }: LogRequest, head: Seq): boolean =>
  whole === true && head - since > limit;

const pageFor = ({ since, limit, room }: LogRequest, limits: Limits): PageAsk => ({
  since,
  ops: Math.min(limit ?? Infinity, limits.opsPerAnswer),
  bytes: Math.min(room ?? Infinity, limits.answerBytes),
});

const turnedAway = (error: SpaceError): Plan<Admission> => ({
  writes: null,
  page: null,
  reply: { kind: 'refused', error },
});

function settleAll(
  { kept }: Standing,
  { actor, ops }: LogRequest,
  { now, limits }: Circumstances,
  { space, access, last }: Position,
): Settled {
  if (actor === null) return { kind: 'settled', last, append: [], refuse: [], taken: [] };
  const { head, digest } = space;
  const mayWrite = access !== 'read';
  return settle(ops, { actor, head, digest, last, kept, mayWrite, now, limits });
}

/** The actor's row after the request; null if nothing of it changes. */
function nextActor(
  before: StoredActor | null,
  { actor, since, digest, ops: [first] }: LogRequest,
  { account, served }: Circumstances,
  last: Clock,
): StoredActor | null {
  if (actor === null) return null;
  const cursor = before?.cursor ?? null;
  // Past the fences a digest that was sent is the log's own: it comes from who folded that far. It
  // never goes back, since compaction may have acted on it. At seq 0 it proves nothing.
  const moves = digest !== undefined && since > (cursor ?? 0);
  // Only who has a cursor can hold the horizon, and needs to be seen.
  const isSeenAnew = before !== null && cursor !== null && served - before.seen >= SEEN_EVERY_MS;
  if (!moves && !isSeenAnew && last === (before?.last ?? 0)) return null;
  const pushedFrom = asClock(Math.max(before?.pushedFrom ?? 0, first?.clock ?? 0));
  return { account, last, cursor: moves ? asSeq(since) : cursor, pushedFrom, seen: served };
}

/** How often a poll may cost a write, only to say that its actor was there. */
const SEEN_EVERY_MS = 24 * 3_600_000;
