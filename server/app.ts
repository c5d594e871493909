/** The HTTP side of the server, put together: which door, which route, which answer to an error. */
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { Limits } from '../core/index.ts';
import type { Accounts } from './auth/accounts.ts';
import type { Tokens } from './auth/tokens.ts';
import type { Hub } from './events/hub.ts';
import type { Deadlines } from './http/deadlines.ts';
import { checkProtocol, requireToken } from './http/door.ts';
import { ProblemError } from './http/problem.ts';
import type { OpLog } from './log/op-log.ts';
import type { Observer } from './observer.ts';
import { accountRoute } from './routes/account.ts';
import { bootstrapRoute } from './routes/bootstrap.ts';
import { eventsRoute } from './routes/events.ts';
import { healthRoute } from './routes/health.ts';
import { publicRoute } from './routes/public.ts';
import { pullRoute } from './routes/pull.ts';
import { pushRoute } from './routes/push.ts';
import { spacesRoute } from './routes/spaces.ts';
import type { SnapshotKeeper } from './snapshots/keeper.ts';
import { staticRoute } from './static.ts';
import { StorageBusyError, StorageFullError } from './store/faults.ts';
import type { LogStore } from './store/port.ts';
import type { SnapshotStore } from './store/snapshot-port.ts';

export interface AppDeps {
  readonly log: OpLog;
  readonly store: LogStore;
  readonly snapshots: SnapshotStore;
  readonly keeper: SnapshotKeeper;
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  readonly hub: Hub;
  readonly limits: Limits;
  readonly deadlines: Deadlines;
  readonly now: () => number;
  readonly ping: () => Promise<void>;
  readonly isStopping: () => boolean;
  readonly pingEveryMs: number;
  readonly streamsPerAccount: number;
  /** Where the built app is. */
  readonly appDir: string;
  /** Hears of every fault that a client was told only `internal` of. */
  readonly report: (error: unknown) => void;
  readonly observer?: Pick<Observer, 'request'> | undefined;
}

export function createApp(deps: AppDeps): Hono {
  const app = new Hono();
  if (deps.observer) app.use(observed(deps.observer));
  app.use(safetyHeaders, closingWhen(deps.isStopping));
  app.route('/', healthRoute(deps));
  app.use('/sync/*', checkProtocol);
  app.route('/sync', publicRoute(deps));
  app.use('/sync/*', requireToken(deps.tokens));
  for (const route of [pushRoute, pullRoute, spacesRoute, accountRoute]) {
    app.route('/sync', route(deps));
  }
  app.route('/sync', bootstrapRoute(deps));
  app.route('/sync', eventsRoute(deps));
  app.all('/sync/*', () => {
    throw new ProblemError('not_found');
  });
  app.route('/', staticRoute(deps.appDir));
  app.onError((error) => problemOf(error, deps.report).toResponse());
  return app;
}

const observed = (observer: Pick<Observer, 'request'>) =>
  createMiddleware(async function observed(c, next) {
    const begun = performance.now();
    await next();
    const { method } = c.req;
    const ms = performance.now() - begun;
    // After the rest it is the route of whoever answered; of a file of the app that is a wildcard.
    observer.request({ method, route: routePath(c), status: c.res.status, ms });
  });

// On the answer itself, here and below: by `c.header` Hono makes another of it, and reads its text as a
// stream for that.
const safetyHeaders = createMiddleware(async function safetyHeaders(c, next) {
  await next();
  c.res.headers.set('X-Content-Type-Options', 'nosniff');
  c.res.headers.set('Referrer-Policy', 'no-referrer');
});

/** While the server stops, a connection that was answered is not kept for more. */
const closingWhen = (isStopping: () => boolean) =>
  createMiddleware(async function closing(c, next) {
    await next();
    if (isStopping()) c.res.headers.set('Connection', 'close');
  });

function problemOf(error: unknown, report: (error: unknown) => void): ProblemError {
  if (error instanceof ProblemError) return error;
  report(error);
  if (error instanceof StorageFullError) return new ProblemError('storage_full');
  if (error instanceof StorageBusyError) {
    return new ProblemError('overloaded', { headers: { 'Retry-After': '1' } });
  }
  return new ProblemError('internal');
}
