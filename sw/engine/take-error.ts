/**
 * A space's error: what it means for this replica is core's to say (`remedyFor`), and done here as far
 * as one transaction can. Nothing is folded; what the server had settled of this very request counts.
 */
import {
  asClock,
  joinTurns,
  NOT_BEGUN,
  remedyFor,
  sentAgain,
  type Clock,
  type Remedy,
  type SpaceError,
} from '../../core/index.ts';
import { foldInto, NOTHING, type Context, type SpaceResult } from './fold-into.ts';
import { leave, leavingAll, writeLeft } from './leave.ts';
import { completeOps } from './own-ops.ts';
import type { SpaceRow } from './ports.ts';
import { beginInEpoch } from './put-part.ts';
import { rederive } from './rederive.ts';
import { rebuildingOf, type Rebuilding } from './rebuild.ts';
import { settlingTime } from './settle.ts';
import { epochOf, isHeldBack, PULL_ONLY_MS } from './spaces.ts';

export async function takeError(
  context: Context,
  before: SpaceRow,
  error: SpaceError,
  carried: Clock,
): Promise<SpaceResult> {
  const heard = await hear(context, before, error, carried);
  const row = (await context.tx.space(before.space)) ?? before;
  const epoch = epochOf(row);
  const known = { ...row, ...(epoch !== undefined && { epoch }) };
  const { own = false, unproven: isUnproven = false } = row;
  const remedy = remedyFor(error, { ...known, isUnproven, own });
  const outcome = await apply(context, row, { error, carried, remedy });
  return { ...heard, ...outcome, outcomes: [...heard.outcomes, ...(outcome.outcomes ?? [])] };
}

/** Settles what the error says of the ops that came with the request. */
async function hear(
  context: Context,
  row: SpaceRow,
  { acked, refused = [] }: SpaceError,
  carried: Clock,
): Promise<SpaceResult> {
  if (acked === undefined || carried === 0) return NOTHING;
  const settled = asClock(Math.min(acked, carried));
  const own = await completeOps(context.tx, row, { ops: [], refused }, settled);
  if (!own.ok) return NOTHING;
  const verdict = { acked, carried, refused, isAtHead: false };
  return foldInto(context, { row, own, verdict, digest: row.digest });
}

interface Heard {
  readonly error: SpaceError;
  readonly carried: Clock;
  readonly remedy: Remedy;
}

async function apply(
  context: Context,
  row: SpaceRow,
  { error: { code, head }, carried, remedy }: Heard,
): Promise<Partial<SpaceResult>> {
  const { tx, ports, lastSyncedAt = null } = context;
  const put = (change: Partial<SpaceRow>) => tx.putSpaces([{ ...row, ...change }]);
  switch (remedy.kind) {
    case 'wait':
      // Why its ops are held back is what a person can do something about.
      if (!isHeldBack(row, ports.clock.now()) && row.trouble !== code) await put({ trouble: code });
      return {};
    case 'pull-only':
      await put({ trouble: code, pullOnlyUntil: ports.clock.now() + PULL_ONLY_MS });
      // Its ops were in the way of what it has: it is asked again without them.
      return { advanced: carried > 0 };
    case 'set-aside':
      return setAsideAll(context, row, code);
    case 'fork':
      await put({ turn: joinTurns(row.turn, { at: remedy.at, unread: true }) });
      return { turned: true };
    case 'new-epoch':
      if (row.filling) {
        await beginInEpoch(context, row, remedy);
        return { turned: true };
      }
      await put({ ...inNewEpoch(row, remedy), ...(head !== undefined && { head }) });
      return { turned: true };
    case 'bootstrap':
      if (row.epoch === undefined) return fence(context, row);
      return buildAnew(put, { ...row, away: { since: lastSyncedAt, ...row.away } }, code, remedy);
    case 'other-history':
    case 'make-again':
      return buildAnew(put, row, code, remedy);
  }
}

/**
 * What is not there yet need not be replaced as a whole: it is filled, and its ops wait until it is. That
 * the server says so of a space that was forbidden means that it is not any more.
 */
async function fence(
  { tx }: Context,
  { trouble, ...row }: SpaceRow,
): Promise<Partial<SpaceResult>> {
  if (trouble === undefined && row.filling?.isFenced) return {};
  await tx.putSpaces([{ ...row, filling: { ...NOT_BEGUN, ...row.filling, isFenced: true } }]);
  return {};
}

async function buildAnew(
  put: (change: Partial<SpaceRow>) => Promise<void>,
  row: SpaceRow,
  code: string,
  remedy: Rebuilding['remedy'],
): Promise<Partial<SpaceResult>> {
  if (row.trouble !== code) await put({ ...row, trouble: code });
  return { rebuilding: rebuildingOf(row, remedy) };
}

/** All that was folded here is in the new generation too; what else is ours is sent again. */
function inNewEpoch(
  { progress }: SpaceRow,
  { epoch }: Extract<Remedy, { kind: 'new-epoch' }>,
): Partial<SpaceRow> {
  return {
    ...(epoch !== undefined && { epoch, unproven: true }),
    progress: sentAgain(progress),
  };
}

/** Nothing pending of this space will be taken: it goes to the person, and nothing more is accepted. */
async function setAsideAll(
  context: Context,
  row: SpaceRow,
  code: string,
): Promise<Partial<SpaceResult>> {
  const { ports, tx, serverNow } = context;
  const next: SpaceRow = { ...row, trouble: code, access: 'read', pending: 0 };
  const rows = await tx.rowsOf(row.space);
  const left = leave(leavingAll(rows, row.progress, code));
  if (row.trouble === code && row.access === 'read' && rows.length === 0) return {};
  const settledAt = settlingTime(ports.clock.now(), serverNow);
  await writeLeft(tx, left, { space: row, settledAt });
  await rederive(context, next, [], left);
  return { outcomes: left.outcomes };
}
