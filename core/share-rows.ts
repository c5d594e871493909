/**
 * Writes that are accepted together share rows of the outbox: what a row costs, when it is stored, sealed
 * and settled, is then the price of all of them. Pure.
 */
import type { OpRef, OutboxRow } from './outbox.ts';

type Row = Omit<OutboxRow, 'row'>;

/** A row is read whole when one of its ops is looked at. */
const MOST_OPS = 256;
/** In characters. */
const MOST_TEXT = 64 * 1024;

export interface SharedRows {
  readonly rows: readonly Row[];
  /** For each row that was given, its place in `rows`, and that of its first op in it. */
  readonly places: readonly OpRef[];
}

/**
 * Rows that follow each other become one where nothing tells their ops apart but what they say, of
 * `most` ops at the most.
 */
export function sharedRows(given: readonly Row[], most = MOST_OPS): SharedRows {
  const rows: Row[] = [];
  const places: OpRef[] = [];
  let text = 0;
  for (const row of given) {
    const last = rows.at(-1);
    const more = row.payloads.reduce((sum, payload) => sum + payload.length, 0);
    const isShared =
      last &&
      last.payloads.length + row.payloads.length <= most &&
      text + more <= MOST_TEXT &&
      mayShare(last, row);
    places.push({
      row: isShared ? rows.length - 1 : rows.length,
      index: isShared ? last.payloads.length : 0,
    });
    text = isShared ? text + more : more;
    if (isShared)
      rows[rows.length - 1] = { ...last, payloads: [...last.payloads, ...row.payloads] };
    else rows.push(row);
  }
  return { rows, places };
}

const mayShare = (one: Row, other: Row): boolean =>
  one.space === other.space &&
  one.actor === other.actor &&
  one.base === other.base &&
  one.at === other.at &&
  one.v === other.v &&
  isPlain(one) &&
  isPlain(other);

/** What is typed on, or found by what it resolves, or followed by something, is a row of its own. */
const isPlain = ({ typing, resolves, follows }: Row): boolean => !typing && !resolves && !follows;
