/**
 * How far a log may be dropped, or who holds it. Pure: facts in, a seq or a floor out.
 *
 *   followers' cursors ──┐
 *                        ├─ least ─ buffer ──┐
 *   one snapshot before ─┘                   ├─ least ─► at most so many ops behind the last drop
 *   the newest mark that is old enough ──────┘
 *
 * A snapshot before the newest: should that turn out to be damaged, it is made again from this one,
 * and the log behind it.
 */
import { asSeq, FIRST_SEQ } from '../../core/index.ts';
import type { Seq } from '../../core/index.ts';
import type { Follower, LogMark, RetentionFacts } from '../store/retention-port.ts';

export interface RetentionRules {
  /** How old an op has to be, in served time; `null`: nothing is ever dropped. */
  readonly keepMs: number | null;
  /** How long a follower that does not come any more is waited for, in served time. */
  readonly leaseMs: number;
  /** Ops that stay behind whoever is furthest behind. */
  readonly buffer: number;
  /** Ops that one drop moves the horizon by: what a device folds in one transaction. */
  readonly most: number;
}

export const DAY_MS = 24 * 3_600_000;
const RETENTION_DAYS = 90;

export const DEFAULT_RETENTION: RetentionRules = {
  keepMs: RETENTION_DAYS * DAY_MS,
  leaseMs: RETENTION_DAYS * DAY_MS,
  buffer: 100,
  most: 5000,
};

/** With one word for both ages: how long a deletion is remembered, and a device that is away waited for. */
export const rulesFor = (days: number | null | undefined): RetentionRules => ({
  ...DEFAULT_RETENTION,
  ...(days !== undefined && { keepMs: days === null ? null : days * DAY_MS }),
  ...(typeof days === 'number' && { leaseMs: days * DAY_MS }),
});

/** What keeps the log from being dropped any further. */
export type Floor =
  | { readonly by: 'rules' }
  | { readonly by: 'age'; readonly seq: Seq; readonly next: LogMark | null }
  | { readonly by: 'follower'; readonly seq: Seq; readonly follower: Follower }
  | { readonly by: 'snapshot'; readonly seq: Seq }
  /** A snapshot is not what it was: the log may be all that it can be made from again. */
  | { readonly by: 'damage' };

export type Verdict =
  | { readonly kind: 'drop'; readonly through: Seq; readonly floor: Floor }
  | { readonly kind: 'wait'; readonly floor: Floor };

export function retentionOf(facts: RetentionFacts, rules: RetentionRules): Verdict {
  if (rules.keepMs === null) return { kind: 'wait', floor: { by: 'rules' } };
  const { dropped, firstWritten } = facts;
  const floor = floorOf(facts, { ...rules, keepMs: rules.keepMs });
  const through = asSeq(Math.min(floor.seq, dropped + rules.most));
  // A drop is an op itself: one that only took drops before it would go on for ever.
  const isWorthIt = firstWritten !== null && through >= firstWritten;
  return isWorthIt ? { kind: 'drop', through, floor } : { kind: 'wait', floor };
}

type Reached = Exclude<Floor, { by: 'rules' | 'damage' }>;

/** The least of what is old enough, is in a snapshot, and has been folded by all who are waited for. */
function floorOf(facts: RetentionFacts, rules: RetentionRules & { keepMs: number }): Reached {
  const { marks, served, followers, snapshots } = facts;
  const isOld = (mark: LogMark): boolean => served - mark.served >= rules.keepMs;
  const aged = marks.findLast(isOld)?.seq ?? FIRST_SEQ;
  const next = marks.find((mark) => !isOld(mark)) ?? null;
  const behind = (seq: Seq): Seq => asSeq(Math.max(FIRST_SEQ, seq - rules.buffer));
  const held = followers
    .filter(({ seen }) => served - seen < rules.leaseMs)
    .map((follower): Reached => ({ by: 'follower', seq: behind(follower.cursor), follower }));
  const floors: Reached[] = [
    { by: 'age', seq: aged, next },
    { by: 'snapshot', seq: behind(snapshots[1] ?? FIRST_SEQ) },
    ...held,
  ];
  return floors.reduce((least, floor) => (floor.seq < least.seq ? floor : least));
}
