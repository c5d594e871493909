/** /healthz: the process is up. /readyz: it can take work, so a proxy may send it some. */
import { Hono } from 'hono';
import { ProblemError } from '../http/problem.ts';

export interface HealthDeps {
  /** Rejects when the database does not answer. */
  readonly ping: () => Promise<void>;
  readonly isStopping: () => boolean;
}

export const healthRoute = ({ ping, isStopping }: HealthDeps) =>
  new Hono()
    .get('/healthz', (c) => c.json({ status: 'up' }, 200, { 'Cache-Control': 'no-store' }))
    .get('/readyz', async (c) => {
      if (isStopping()) throw new ProblemError('overloaded', { detail: 'the server is stopping' });
      await ping().catch(() => {
        throw new ProblemError('overloaded', { detail: 'the database does not answer' });
      });
      return c.json({ status: 'ready' }, 200, { 'Cache-Control': 'no-store' });
    });
