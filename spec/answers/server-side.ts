/** What happens on the server's side: other writers, and logs that an operator put back or lost. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { ActorId, PushAnswer, SpaceId } from '../../core/index.ts';
import { newItem } from '../support/lists-config.ts';
import { uuid } from '../support/device.ts';
import type { SentOp } from './way.ts';

export interface Place {
  readonly url: string;
  readonly token: string;
  readonly space: SpaceId;
}

/** Sends ops as `actor`, and returns what the server said of the space. */
export async function sendAs(
  { url, token, space }: Place,
  actor: ActorId,
  ops: readonly SentOp[],
  more: { create?: true } = {},
): Promise<PushAnswer['spaces'][SpaceId]> {
  const response = await fetch(new URL('/sync/push', url), {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ spaces: { [space]: { actor, since: 0, ops, ...more } } }),
  });
  const answer = (await response.json()) as PushAnswer;
  return answer.spaces[space];
}

/** An op that makes an item of this title. */
export const opOf = (clock: number, title: string): SentOp =>
  ({
    clock,
    base: 0,
    at: Date.now(),
    v: 1,
    payload: JSON.stringify({ do: [newItem(title, title)] }),
  }) as SentOp;

/** Another device of the account writes items of these titles. */
export async function writtenByOther(place: Place, titles: readonly string[]): Promise<void> {
  const ops = titles.map((title, i) => opOf(i + 1, title));
  const part = await sendAs(place, uuid() as ActorId, ops);
  if (!part || 'error' in part) throw new Error(JSON.stringify(part));
}

/** The database of the running server. Its lock keeps other servers out, not its operator. */
function operate(data: string, work: (db: Database.Database) => void): void {
  const db = new Database(join(data, 'offing.db'), { timeout: 5_000 });
  db.transaction(() => work(db))();
  db.close();
}

export interface PutBack {
  /** The last seq that the log still has. */
  readonly to: number;
  /** Whether the operator gave it a new epoch, as they should. */
  readonly newEpoch: boolean;
}

/** Puts one log back to an earlier day. */
export function putBack(data: string, space: SpaceId, { to, newEpoch }: PutBack): void {
  operate(data, (db) => {
    const { n } = db.prepare('SELECT n FROM space WHERE id = ?').get(space) as { n: number };
    db.prepare('DELETE FROM op WHERE space = ? AND seq > ?').run(n, to);
    const last = db.prepare('SELECT digest FROM op WHERE space = ? AND seq = ?').get(n, to) as
      | { digest: Buffer }
      | undefined;
    db.prepare('UPDATE space SET head = ?, head_digest = ? WHERE n = ?').run(
      to,
      last?.digest ?? Buffer.alloc(16),
      n,
    );
    db.prepare(
      `UPDATE actor SET cursor = min(cursor, ?),
         last_clock = coalesce((SELECT max(clock) FROM op WHERE actor = actor.n), 0) WHERE space = ?`,
    ).run(to, n);
    if (newEpoch)
      db.prepare('UPDATE space SET epoch = ?, epoch_from = head WHERE n = ?').run(uuid(), n);
  });
}

/** Loses a log altogether. */
export function lose(data: string, space: SpaceId): void {
  operate(data, (db) => {
    const { n } = db.prepare('SELECT n FROM space WHERE id = ?').get(space) as { n: number };
    db.prepare(
      'DELETE FROM snapshot_part WHERE snapshot IN (SELECT n FROM snapshot WHERE space = ?)',
    ).run(n);
    for (const table of ['snapshot', 'log_mark', 'op', 'actor', 'access'])
      db.prepare(`DELETE FROM ${table} WHERE space = ?`).run(n);
    db.prepare('DELETE FROM space WHERE n = ?').run(n);
  });
}

export const titleOf = ({ payload }: { readonly payload?: string | undefined }): string =>
  /"title":"([^"]*)"/.exec(payload ?? '')?.[1] ?? '';
