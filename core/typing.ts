/**
 * Typing: puts of one field that follow each other while it is being typed into. As long as they are
 * not sealed they are one op, so that a word is one op on the wire and one line of the log. Pure.
 */
import type { Put } from './mutation.ts';
import type { OutboxRow } from './outbox.ts';
import { parsePayload } from './payload.ts';

/** How long a pause ends the typing, in ms. */
export const QUIET_MS = 500;
/** What is typed without a pause leaves after this all the same. */
const LONGEST_MS = 10 * QUIET_MS;

/** When a row is typed on: it is not sealed before `until` (wall times in ms). */
export interface Typing {
  readonly since: number;
  readonly until: number;
}

export const typingAt = (now: number, before?: Typing): Typing => {
  const since = before?.since ?? now;
  return { since, until: Math.min(now + QUIET_MS, since + LONGEST_MS) };
};

/** Whether the row waits for more to be typed. A clock that was set back must not lengthen the wait. */
export const isTyping = ({ typing }: Pick<OutboxRow, 'typing'>, now: number): boolean =>
  typing !== undefined && typing.since <= now && now < typing.until;

/**
 * The last row of the outbox with `next` in its place, if `next` types on where it stopped: unsealed,
 * of the same author and base, and a put of the same fields of the same record. Nothing else is ever
 * made one.
 */
export function typedOn(
  last: OutboxRow | undefined,
  next: Omit<OutboxRow, 'row'>,
): OutboxRow | undefined {
  if (!last?.typing || last.seal || last.before || last.gone || !next.typing) return undefined;
  if (last.actor !== next.actor || last.base !== next.base || last.v !== next.v) return undefined;
  const [before, after] = [onlyPut(last), onlyPut(next)];
  if (!before || !after || !isSameField(before, after)) return undefined;
  return { ...last, ...next, row: last.row, typing: typingAt(next.typing.since, last.typing) };
}

/** The row's put, if it is one op of one put that makes nothing. */
function onlyPut({ payloads, v }: Pick<OutboxRow, 'payloads' | 'v'>): Put | undefined {
  const [payload, ...others] = payloads;
  const parsed = parsePayload(payload ?? '', v);
  if (others.length > 0 || parsed.kind !== 'known') return undefined;
  const [mutation, ...more] = parsed.payload.do;
  return mutation?.kind === 'put' && !mutation.isNew && more.length === 0 ? mutation : undefined;
}

const isSameField = (one: Put, other: Put): boolean =>
  one.collection === other.collection &&
  one.id === other.id &&
  isSameSet(new Set(one.fields.keys()), new Set(other.fields.keys())) &&
  isSameSet(one.latest, other.latest) &&
  isSameSet(one.manual, other.manual);

const isSameSet = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  one.size === other.size && [...one].every((name) => other.has(name));
