/**
 * What open conflicts ask of a person: about one field which of its texts, about a deleted record
 * whether it comes back. Several conflicts about the same are one choice. Pure.
 */
import type { Conflict, ConflictSide, Take } from '../../lib/index.ts';

type Value = NonNullable<ConflictSide['values']>[string];

/** Who wrote something, and when, as far as that is known. */
export interface Written {
  readonly mine: boolean;
  readonly at: number | null;
}

interface OfRecord {
  /** Names the choice among all of them. */
  readonly key: string;
  readonly space: Conflict['space'];
  readonly collection: string;
  readonly id: string;
  readonly conflicts: readonly Conflict[];
}

/** One text that may be taken instead of what the field has. */
export interface Other extends Written {
  readonly value: Value;
  readonly conflict: Conflict;
}

/** Two wrote one field. */
export interface FieldChoice extends OfRecord {
  readonly kind: 'field';
  readonly field: string;
  /** What the field has now: undefined where it was cleared. */
  readonly now: Value | undefined;
  /** Who wrote that; null where somebody changed it since, knowing what the others had written. */
  readonly nowBy: Written | null;
  /** The newest first; none where what had lost is what the field has now. */
  readonly others: readonly Other[];
}

/** One deleted what another wrote to. */
export interface DeletionChoice extends OfRecord {
  readonly kind: 'deletion';
  readonly deleted: Written;
  readonly edited: Written;
  /** What was written to it, the last word on each field. */
  readonly values: Readonly<Record<string, Value>>;
}

export type Choice = FieldChoice | DeletionChoice;

/** The fields that a record shows; undefined for one that is not there. */
export type RecordNow = (conflict: Conflict) => Readonly<Record<string, unknown>> | undefined;

/** In the order of the oldest conflict of each. */
export function choicesOf(conflicts: readonly Conflict[], recordNow: RecordNow): Choice[] {
  const groups = new Map<string, Conflict[]>();
  for (const conflict of conflicts) {
    const { space, collection, id, field } = conflict;
    const key = JSON.stringify([space, collection, id, field]);
    groups.set(key, [...(groups.get(key) ?? []), conflict]);
  }
  return [...groups].map(([key, group]) => choiceOf(key, group, recordNow));
}

function choiceOf(key: string, conflicts: readonly Conflict[], recordNow: RecordNow): Choice {
  const last = conflicts.at(-1) as Conflict;
  const { space, collection, id, field } = last;
  const of = { key, space, collection, id, conflicts };
  if (field === null) return deletionChoice(of, last);
  const now = recordNow(last)?.[field] as Value | undefined;
  const others = othersOf(conflicts, field, now);
  return { ...of, kind: 'field', field, now, nowBy: authorOf(conflicts, field, now), others };
}

function othersOf(conflicts: readonly Conflict[], field: string, now: Value | undefined): Other[] {
  const others = new Map<string, Other>();
  for (const conflict of conflicts.toReversed()) {
    const { values, mine, at } = conflict.loser;
    const value = values?.[field];
    if (value === undefined || isSame(value, now)) continue;
    const text = JSON.stringify(value);
    if (!others.has(text)) others.set(text, { value, mine, at, conflict });
  }
  return [...others.values()];
}

function authorOf(
  conflicts: readonly Conflict[],
  field: string,
  now: Value | undefined,
): Written | null {
  const wrote = ({ winner }: Conflict) => isSame(winner.values?.[field], now);
  const winner = conflicts.findLast(wrote)?.winner;
  return winner ? { mine: winner.mine, at: winner.at } : null;
}

/** A cleared field has no value, or null. */
const isSame = (a: Value | undefined, b: Value | undefined): boolean =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

function deletionChoice(of: OfRecord, last: Conflict): DeletionChoice {
  const values = Object.assign({}, ...of.conflicts.map(({ loser }) => loser.values));
  return { ...of, kind: 'deletion', deleted: last.winner, edited: last.loser, values };
}

/** What was written to it but its place, which means nothing in another list. */
export function placeless({ values }: DeletionChoice): DeletionChoice['values'] {
  const { order: _, depth: __, ...rest } = values;
  return rest;
}

// ── deciding ─────────────────────────────────────────────────────────────────────────────────────

/** The field stays as it is, gets another text or one typed for this; what was deleted comes back. */
export type Verdict = 'now' | Other | { readonly typed: Value } | 'brought-back';

/** What to write, conflict by conflict, in this order. */
export type Ruling = readonly { readonly conflict: Conflict; readonly take: Take }[];

/** What was not taken is closed first: what is taken has the last word. */
export function rulingOf({ conflicts }: Choice, verdict: Verdict): Ruling {
  if (verdict === 'brought-back') return conflicts.map((conflict) => ({ conflict, take: 'loser' }));
  const last = lastOf(conflicts, verdict);
  const closed = conflicts.filter((conflict) => conflict !== last?.conflict);
  const ruling = closed.map((conflict) => ({ conflict, take: 'winner' as const }));
  return last ? [...ruling, last] : ruling;
}

function lastOf(
  conflicts: readonly Conflict[],
  verdict: Exclude<Verdict, 'brought-back'>,
): Ruling[number] | undefined {
  if (verdict === 'now') return undefined;
  if ('conflict' in verdict) return { conflict: verdict.conflict, take: 'loser' };
  const conflict = conflicts.at(-1);
  return conflict && { conflict, take: { value: verdict.typed } };
}

/**
 * For many at once: what this device wrote, or what others did; null where they wrote none of it.
 * What somebody wrote since, knowing both, stands.
 */
export function verdictFor(choice: Choice, mine: boolean): Verdict | null {
  if (choice.kind === 'deletion') {
    if (choice.deleted.mine === choice.edited.mine) return null;
    return choice.deleted.mine === mine ? 'now' : 'brought-back';
  }
  if (choice.nowBy === null || choice.nowBy.mine === mine) return 'now';
  return choice.others.find((other) => other.mine === mine) ?? null;
}
