/** GET /sync/account: whom the token speaks for, and where that account's registry is. */
import { Hono } from 'hono';
import type { AccountAnswer } from '../../core/index.ts';
import type { Accounts } from '../auth/accounts.ts';
import type { PastDoor } from '../http/door.ts';
import { replyJson } from '../http/reply.ts';

export const accountRoute = ({ accounts }: { readonly accounts: Accounts }) =>
  new Hono<PastDoor>().get('/account', async (c) => {
    const { id, home, name } = await accounts.of(c.var.asker.account);
    const answer: AccountAnswer = { account: id, home, name };
    return replyJson(c.req.raw, answer);
  });
