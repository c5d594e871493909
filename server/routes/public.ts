/** What needs no token: the limits of the wire, and the answer to what a worker should have caught. */
import { Hono } from 'hono';
import { PAYLOAD_VERSIONS, PROTOCOL_VERSION } from '../../core/index.ts';
import type { Limits } from '../../core/index.ts';
import { ProblemError } from '../http/problem.ts';
import { replyJson } from '../http/reply.ts';

export const publicRoute = ({ limits }: { readonly limits: Limits }) =>
  new Hono()
    .get('/limits', (c) =>
      replyJson(c.req.raw, {
        protocols: [PROTOCOL_VERSION],
        payloads: PAYLOAD_VERSIONS,
        ...limits,
      }),
    )
    .post('/local', () => {
      throw new ProblemError('no_worker');
    });
