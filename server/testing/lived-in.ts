/** A server that has one of everything that a server can have. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { listOps } from './list-ops.ts';
import { actorId, NOW, op, spaceId } from './log-words.ts';
import { READER } from './long-log.ts';
import type { LongLog } from './long-log.ts';

const OTHER = spaceId(2);
const DELETED = spaceId(3);

/** A log that lost its start, refusals, a deleted space, a revoked token, another account. */
export async function liveIn(log: LongLog): Promise<void> {
  await log.write(200);
  await log.follow(READER);
  await log.days(1);
  const { app } = log;
  // By another actor: the writer may still ask about what it pushed before.
  await log.ask({ since: await log.head(), ops: listOps(1, 150), acksOnly: true }, READER);
  await app.keeper.idle();
  await log.follow(READER);
  await log.days(90);
  const bob = await app.tokenFor('bob “b” ☂', { label: 'phone', readOnly: false });
  await app.tokenFor('ann', { label: 'gone', onlySpace: OTHER, readOnly: true });
  const [revoked] = (await app.tokens.list()).filter(({ label }) => label === 'gone');
  await app.tokens.revoke(revoked?.id ?? '');
  const ops = [
    op(1, { key: 'k1', payload: '{"do":[],"x":"☂ \\n\u2028"}' }),
    op(2, { at: NOW * 2 }),
    op(3, { payload: '{"a":"\ud800"}' }),
    // More than is read at once, and cut between the bytes of a character.
    ...Array.from({ length: 9 }, (_, i) => op(4 + i, { payload: '☂'.repeat(20_000 + i) })),
  ];
  const write = { actor: actorId(9), since: 0, create: true, ops };
  await app.push(bob, { [OTHER]: write });
  await app.push(bob, { [DELETED]: { ...write, actor: actorId(8), ops: [op(1)] } });
  const db = new Database(join(app.data, 'offing.db'));
  db.prepare('UPDATE space SET deleted_at = ? WHERE id = ?').run(NOW, DELETED);
  db.prepare(`INSERT INTO access SELECT account.id, space.n, 'write' FROM account, space
    WHERE account.name = 'ann' AND space.id = ?`).run(OTHER);
  db.close();
}
