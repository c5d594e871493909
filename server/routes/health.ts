/** /healthz: the process is up. /readyz: it can take work, so a proxy may send it some. */
import { Hono } from 'hono';
import { ProblemError } from '../http/problem.ts';
import { StorageBusyError, StorageFault, StorageFullError } from '../store/faults.ts';

export interface HealthDeps {
  /** Rejects when the database does not answer, or takes nothing. */
  readonly ping: () => Promise<void>;
  readonly isStopping: () => boolean;
}

export const healthRoute = ({ ping, isStopping }: HealthDeps) =>
  new Hono()
    .get('/healthz', (c) => c.json({ status: 'up' }, 200, { 'Cache-Control': 'no-store' }))
    .get('/readyz', async (c) => {
      if (isStopping()) throw new ProblemError('overloaded', { detail: 'the server is stopping' });
      await ping().catch((error: unknown) => {
        throw new ProblemError('overloaded', { detail: whyNot(error) });
      });
      return c.json({ status: 'ready' }, 200, { 'Cache-Control': 'no-store' });
    });

function whyNot(error: unknown): string {
  if (error instanceof StorageBusyError) return 'the database is busy';
  if (error instanceof StorageFullError) return 'the disk is full';
  if (error instanceof StorageFault) return 'the database cannot be written';
  return 'the database does not answer';
}
