/** What listeners are told of a request that added to a log: the ops themselves, where they are few. */
import { toHex, utf8Length } from '../../core/index.ts';
import type { Poke, SequencedOp, SpaceId } from '../../core/index.ts';
import type { LogRow } from '../store/port.ts';
import type { Admission } from './admit.ts';

/** More than this is pulled: a hint goes to many, and some of them have the ops already. */
export const INLINE_OPS = 20;
export const INLINE_BYTES = 16 * 1024;

/** What a request, or the server itself, has added to a log. */
export type News = Pick<
  Extract<Admission, { kind: 'admitted' }>,
  'epoch' | 'head' | 'made' | 'appended' | 'digestBefore'
>;

/** Null where there is nothing new. */
export function pokeOf(
  space: SpaceId,
  { epoch, head, made, appended, digestBefore }: News,
): Poke | null {
  if (appended.length === 0 && !made) return null;
  const poke = { space, epoch, head };
  const last = appended.at(-1);
  if (!last || !areFew(appended)) return poke;
  return { ...poke, before: digestBefore, ops: appended.map(opOf), digest: toHex(last.digest) };
}

function areFew(rows: readonly LogRow[]): boolean {
  if (rows.length > INLINE_OPS) return false;
  const bytes = rows.map(({ payload, key = '' }) => utf8Length(payload) + utf8Length(key));
  return bytes.reduce((sum, each) => sum + each, 0) <= INLINE_BYTES;
}

/** Its hash and the chain at it are the server's own. */
const opOf = ({ hash: _, digest: __, ...op }: LogRow): SequencedOp => op;
