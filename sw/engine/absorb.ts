/**
 * Taking in an answer: one transaction that folds what came, rebases the records it touched, takes
 * own ops out of the outbox and moves the cursor. What it decides is core's; this reads and writes.
 */
import {
  asClock,
  type Clock,
  type PushAnswer,
  type RowOutcome,
  type Seq,
  type SequencedOp,
  type SpaceId,
} from '../../core/index.ts';
import type { Context, SpaceResult } from './fold-into.ts';
import type { Outgoing } from './outgoing.ts';
import type { Ports, SpaceRow } from './ports.ts';
import type { Rebuilding } from './rebuild.ts';
import { ensureMeta, epochOf, hasMore } from './spaces.ts';
import { takeAnswer } from './take-answer.ts';
import { takeError } from './take-error.ts';

/** What there is to tell once an answer is in: `from` and `to` are the first and last seq folded. */
export interface Absorbed {
  readonly applied: readonly { space: SpaceId; from: Seq; to: Seq; ops: readonly SequencedOp[] }[];
  readonly outcomes: readonly RowOutcome[];
  /** Nothing was said but that what was carried is settled. */
  readonly onlyAcks: boolean;
  /** Something moved: it is worth asking again at once while there is more. */
  readonly advanced: boolean;
  /** The server has more of a space that is followed, or a space has more to send. */
  readonly more: boolean;
  /** The spaces that are followed now: one that has only just become so was not asked about. */
  readonly followed: readonly SpaceId[];
  readonly updateNeeded: boolean;
  /** Spaces whose pending ops have to become others before they are sent again. */
  readonly turned: readonly SpaceId[];
  /** Spaces whose replica has to be built anew before anything else can be done about them. */
  readonly rebuilding: readonly Rebuilding[];
  /** Spaces that are new here and are to be filled: those that are pulled. */
  readonly filling: readonly SpaceRow[];
}

/** Takes in the whole answer to `outgoing`, all its spaces in one transaction. */
export async function absorb(
  ports: Ports,
  outgoing: Outgoing,
  answer: PushAnswer,
): Promise<Absorbed> {
  const session = await ports.session.load();
  return ports.store.write(async (tx) => {
    const [meta] = await Promise.all([ensureMeta(ports, tx, session), tx.spaces()]);
    const registry = session.config?.registry;
    const { lastSyncedAt } = session;
    const context = { ports, tx, meta, registry, serverNow: answer.now, lastSyncedAt };
    const results = new Map<SpaceId, SpaceResult>();
    for (const [space, part] of Object.entries(answer.spaces) as [SpaceId, SpacePart][]) {
      const asked = outgoing.request.spaces[space];
      // Read one by one: what is folded in the home says which of the others are followed.
      const row = Object.hasOwn(outgoing.request.spaces, space) ? await tx.space(space) : undefined;
      if (!asked || !row || !isOf(asked, row)) continue;
      results.set(space, await take(context, row, part, outgoing.carried.get(space)));
    }
    const onlyAcks = saysAcksAlone(outgoing, answer, results);
    return { ...summary(results, await tx.spaces()), onlyAcks };
  });
}

type SpacePart = NonNullable<PushAnswer['spaces'][SpaceId]>;
type Asked = NonNullable<Outgoing['request']['spaces'][SpaceId]>;

/**
 * Whether the space is still as it was when it was asked about. An answer that was long on its way
 * may find that another context folded the same meanwhile, forked, or adopted another history.
 */
const isOf = (asked: Asked, row: SpaceRow): boolean =>
  asked.actor === row.actor && asked.epoch === epochOf(row) && asked.since === row.cursor;

function take(
  context: Context,
  row: SpaceRow,
  part: SpacePart,
  carried: Clock = asClock(0),
): Promise<SpaceResult> {
  return 'error' in part
    ? takeError(context, row, part.error, carried)
    : takeAnswer(context, row, part, carried);
}

/** Whether a request that was put together meanwhile is what there is to send now. */
const saysAcksAlone = (
  { carried }: Outgoing,
  { spaces }: PushAnswer,
  results: ReadonlyMap<SpaceId, SpaceResult>,
): boolean =>
  Array.from(carried.keys()).every((space) => results.get(space)?.onlyAcks) &&
  Object.values(spaces).every((part) => part && !('error' in part) && part.ops.length === 0);

function summary(
  results: ReadonlyMap<SpaceId, SpaceResult>,
  rows: readonly SpaceRow[],
): Omit<Absorbed, 'onlyAcks'> {
  const parts = [...results].map(([space, result]) => ({ space, ...result }));
  return {
    applied: parts.flatMap(({ space, ops }) => {
      const from = ops[0]?.seq;
      const to = ops.at(-1)?.seq;
      return from === undefined || to === undefined ? [] : [{ space, from, to, ops }];
    }),
    outcomes: parts.flatMap(({ outcomes }) => outcomes),
    advanced: parts.some(({ advanced }) => advanced),
    more: rows.some(hasMore),
    followed: rows.flatMap(({ space, followed }) => (followed ? [space] : [])),
    updateNeeded: parts.some(({ updateNeeded }) => updateNeeded),
    turned: parts.flatMap(({ space, turned }) => (turned ? [space] : [])),
    rebuilding: parts.flatMap(({ rebuilding }) => rebuilding ?? []),
    filling: rows.filter(
      ({ filling, followed, pending, trouble, pullOnlyUntil }) =>
        filling &&
        (followed || pending > 0) &&
        (trouble === undefined || pullOnlyUntil !== undefined),
    ),
  };
}
