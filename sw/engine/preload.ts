/**
 * What accepting some ops is known to need, read at once: one trip to the disk instead of one for each.
 * Where they belong is not known before something is read; where it was the last time, mostly is.
 */
import type { SpaceId } from '../../core/index.ts';
import { firstOfExisting, type CheckedOp } from './check-write.ts';
import type { Draft } from './draft.ts';
import type { Meta, RecordName } from './ports.ts';

/** As it was seen last. */
export interface Guess {
  home?: SpaceId;
  /** Where a record was that was asked for without its space. */
  edited?: SpaceId | undefined;
}

interface Asked {
  readonly op: CheckedOp;
  /** What tells its space, where it is about a record that is there. */
  readonly at: RecordName | undefined;
}

const NOWHERE = Promise.resolve<readonly SpaceId[]>([]);

/** Reads it into the draft. Returns `meta`, which is being read beside it, and notes where things were. */
export async function preload(
  draft: Draft,
  ops: readonly CheckedOp[],
  guess: Guess,
  reading: Promise<Meta>,
): Promise<Meta> {
  const asked = ops.map((op) => ({ op, at: firstOfExisting(op) }));
  const [meta, found] = await Promise.all([
    reading,
    Promise.all(asked.map(({ op, at }) => (at && !op.space ? draft.spacesOf(at) : NOWHERE))),
    load(draft, asked, ({ op, at }) => op.space ?? (at && guess.edited) ?? guess.home),
  ]);
  guess.home = meta.home;
  guess.edited = found.findLast(([space]) => space)?.[0] ?? guess.edited;
  // Nothing more, where it was guessed.
  await load(draft, asked, ({ op, at }, i) => op.space ?? (at ? found[i]?.[0] : meta.home));
  return meta;
}

async function load(
  draft: Draft,
  asked: readonly Asked[],
  spaceOf: (one: Asked, i: number) => SpaceId | undefined,
): Promise<void> {
  const names = new Map<SpaceId, RecordName[]>();
  for (const [i, one] of asked.entries()) {
    const space = spaceOf(one, i);
    if (space === undefined) continue;
    const known = names.get(space);
    if (known) known.push(...one.op.mutations);
    else names.set(space, [...one.op.mutations]);
  }
  const records = [...names].map(([space, all]) => draft.loadRecords(space, all));
  await Promise.all([draft.loadSpaces(names.keys()), ...records]);
}
