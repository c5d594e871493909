/**
 * GET /sync/bootstrap/:space: what a device begins a space from. Without a snapshot that is the
 * header at seq 0: the log is replayed from its start.
 */
import { Hono } from 'hono';
import { EMPTY_DIGEST, FIRST_SEQ, isSpaceId } from '../../core/index.ts';
import type { BootstrapHeader } from '../../core/index.ts';
import type { PastDoor } from '../http/door.ts';
import { ProblemError } from '../http/problem.ts';
import type { OpLog } from '../log/op-log.ts';
import { turnedAway } from './spaces.ts';

export const bootstrapRoute = ({ log }: { readonly log: OpLog }) =>
  new Hono<PastDoor>().get('/bootstrap/:space', async (c) => {
    const space = c.req.param('space');
    if (!isSpaceId(space)) {
      throw new ProblemError('bad_request', { path: 'space', detail: 'not a UUIDv7' });
    }
    const entry = await log.visit(c.var.asker, space, false);
    if ('code' in entry) throw turnedAway(entry);
    const { epoch, horizon } = entry.space;
    const header: BootstrapHeader = {
      space,
      epoch,
      seq: FIRST_SEQ,
      digest: EMPTY_DIGEST,
      horizon,
      records: 0,
      actors: 0,
      conflicts: 0,
      malformed: 0,
      bytes: 0,
    };
    return c.body(`${JSON.stringify(header)}\n`, 200, {
      'Content-Type': 'application/x-ndjson',
      'Cache-Control': 'no-store',
      ETag: `"${epoch}-${header.seq}"`,
    });
  });
