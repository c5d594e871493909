/**
 * A poke that brings the new ops themselves: folded where they follow on what is here, so that a live
 * edit costs no second request. It is a hint all the same: where anything is in doubt, it is pulled.
 */
import { asClock, digestThrough, mutationsOf, weighPoke, type Poke } from '../../core/index.ts';
import type { Absorbed } from './absorb.ts';
import { Draft } from './draft.ts';
import { foldInto, type Context } from './fold-into.ts';
import { completeOps } from './own-ops.ts';
import type { Ports, RecordName, SpaceRow } from './ports.ts';
import { ensureMeta, hasMore } from './spaces.ts';

export interface Heard {
  /** What was folded, where something was. */
  readonly absorbed?: Pick<Absorbed, 'applied' | 'outcomes'>;
  /** There is something to ask the server for. */
  readonly more: boolean;
}

const KNOWN: Heard = { more: false };
const HINT: Heard = { more: true };

/** What can be said of a poke's ops without the replica: the disk need not wait for it in the transaction. */
export interface Reckoned {
  /** The records that they name. */
  readonly names: readonly RecordName[];
  /** The log's digest behind them, where it is as the poke says before them. */
  readonly digest: string | undefined;
}

export const reckon = (
  { sha256 }: Pick<Ports, 'sha256'>,
  { ops = [], before }: Poke,
): Reckoned => ({
  names: ops.flatMap(mutationsOf),
  digest: before === undefined ? undefined : digestThrough(before, ops, sha256),
});

/**
 * Takes in what a poke brings. Not beside an exchange: its answer would find another cursor, and count for
 * nothing. `reckoned` may have been so before.
 */
export async function takePoke(
  ports: Ports,
  poke: Poke,
  reckoned = reckon(ports, poke),
): Promise<Heard> {
  const { space, ops } = poke;
  if (!ops) {
    const worth = await ports.store.read(async (tx) => weighPoke(poke, await tx.space(space)));
    return worth === 'known' ? KNOWN : HINT;
  }
  const session = await ports.session.load();
  return ports.store.write(async (tx) => {
    const draft = new Draft(tx);
    const [row, meta] = await Promise.all([
      tx.space(space),
      ensureMeta(ports, tx, session),
      // Beside these, though it is not known yet whether they are to be folded: it mostly is so.
      draft.loadRecords(space, reckoned.names),
    ]);
    const worth = weighPoke(poke, row);
    if (!row || worth !== 'follows') return worth === 'known' ? KNOWN : HINT;
    const context = { ports, tx, meta, registry: session.config?.registry };
    return foldPoke(context, { draft, row, poke, reckoned });
  });
}

interface Following {
  readonly draft: Draft;
  readonly row: SpaceRow;
  readonly poke: Poke;
  readonly reckoned: Reckoned;
}

async function foldPoke(
  context: Context,
  { draft, row, poke: { space, ops = [], digest: told }, reckoned: { digest } }: Following,
): Promise<Heard> {
  const { tx, meta, registry } = context;
  const own = await completeOps(tx, row, { ops, refused: [] }, NOTHING_SETTLED);
  if (!own.ok || digest === undefined) return HINT;
  if (told !== undefined && told !== digest) return HINT;
  const folded = await foldInto(context, { draft, row, own, verdict: NO_VERDICT, digest });
  const [first, last] = [folded.ops[0], folded.ops.at(-1)];
  const applied = first && last ? [{ space, from: first.seq, to: last.seq, ops: folded.ops }] : [];
  // The registry may have named a space that nobody has asked about yet.
  const mayNameSpaces =
    space === meta.home && own.names.some(({ collection }) => collection === registry);
  const more = mayNameSpaces && (await tx.spaces()).some(hasMore);
  return { absorbed: { applied, outcomes: folded.outcomes }, more };
}

/** A poke says nothing of what became of own ops. */
const NOTHING_SETTLED = asClock(0);
const NO_VERDICT = {
  acked: NOTHING_SETTLED,
  carried: NOTHING_SETTLED,
  refused: [],
  isAtHead: false,
} as const;
