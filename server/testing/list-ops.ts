/** A log as an app would write it, for tests that look into payloads: items made, edited and deleted. */
import type { RealOp } from '../log/request.ts';
import { op } from './log-words.ts';

/** Ops `from` to `through` of one actor: every third makes an item, the others edit or delete one. */
export const listOps = (from: number, through: number, base = 0): readonly RealOp[] =>
  Array.from({ length: through - from + 1 }, (_, i) =>
    op(from + i, { base, payload: JSON.stringify({ do: [mutationOf(from + i)] }) }),
  );

function mutationOf(n: number): object {
  const item = (m: number) => ({ collection: 'items', id: `item-${Math.floor(m / 3)}` });
  if (n % 3 === 0) {
    return { kind: 'put', ...item(n), new: true, fields: { title: `Zelt ${n} ⛺`, done: false } };
  }
  if (n % 30 === 16) return { kind: 'delete', ...item(n) };
  return { kind: 'put', ...item(n - (n % 3)), fields: { title: `Tarp ${n}`, done: n % 2 === 0 } };
}
