/** /sync/spaces: which I may reach, and making one. */
import { Hono } from 'hono';
import { MakeSpaceSchema } from '../../core/index.ts';
import type { Limits, SpaceError } from '../../core/index.ts';
import { covers, narrowed } from '../auth/reach.ts';
import type { Deadlines } from '../http/deadlines.ts';
import { checked } from '../http/door.ts';
import type { PastDoor } from '../http/door.ts';
import { ProblemError } from '../http/problem.ts';
import { readJson } from '../http/read-body.ts';
import { replyJson } from '../http/reply.ts';
import type { OpLog } from '../log/op-log.ts';
import type { LogStore } from '../store/port.ts';

export interface SpacesDeps {
  readonly log: OpLog;
  readonly store: LogStore;
  readonly limits: Limits;
  readonly deadlines: Deadlines;
}

export const spacesRoute = ({ log, store, limits, deadlines }: SpacesDeps) =>
  new Hono<PastDoor>()
    .get('/spaces', async (c) => {
      const { asker } = c.var;
      const granted = await store.spacesOf(asker.account);
      const spaces = granted
        .filter(({ space }) => covers(asker, space))
        .map(({ space, grant }) => ({ space, access: narrowed(asker, grant) }));
      return replyJson(c.req.raw, { spaces });
    })
    .post('/spaces', async (c) => {
      const asked = await readJson(c.req.raw, limits, deadlines);
      const { space } = checked(MakeSpaceSchema, asked);
      const entry = await log.visit(c.var.asker, space, true);
      if ('code' in entry) throw turnedAway(entry);
      return replyJson(c.req.raw, { space, epoch: entry.space.epoch }, entry.made ? 201 : 200);
    });

/** The same verdict about a space, as the answer to a request about nothing else. */
export function turnedAway({ code }: SpaceError): ProblemError {
  switch (code) {
    case 'forbidden':
    case 'no_such_space':
    case 'space_deleted':
      return new ProblemError(code);
    default:
      throw new Error(`a visit cannot end in ${code}`);
  }
}
