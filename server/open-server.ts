/**
 * The whole server, on a data directory and listening: for the command line, for tests, and for
 * anyone who embeds it.
 *
 *   close():  end streams, take no more ─► answer what is in flight ─► close the database
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Hono } from 'hono';
import type { Accounts } from './auth/accounts.ts';
import type { Tokens } from './auth/tokens.ts';
import { composeServer } from './compose.ts';
import type { PartsOptions, ServerParts } from './compose.ts';
import { keepHighWater, noticePutBack } from './high-water.ts';
import { timeoutsOf } from './http/deadlines.ts';
import { gracefully } from './http/gracefully.ts';
import { listenerOf } from './http/listener.ts';
import type { Observer } from './observer.ts';
import type { KeeperDeps } from './snapshots/keeper.ts';
import type { Retention } from './log/retain.ts';
import { DEFAULT_RETENTION } from './log/retention.ts';
import { buildInThread } from './snapshots/in-thread.ts';
import { createRest } from './snapshots/rest.ts';
import type { MetricsListener, MetricsOptions } from './metrics/listener.ts';
import { watchFor } from './metrics/watch.ts';
import { newEpoch } from './new-epoch.ts';
import { lockData } from './store/lock.ts';
import type { SnapshotKeeper } from './snapshots/keeper.ts';
import { writeServedRules } from './store/served-rules.ts';
import { openSqliteStore } from './store/sqlite.ts';

/** In PEM; `cert` may have its chain behind it. */
export interface Certificate {
  readonly cert: Buffer | string;
  readonly key: Buffer | string;
}

export interface ServerOptions extends Omit<PartsOptions, 'random'> {
  /** The data directory, made if there is none. */
  readonly data: string;
  /** 0 takes any free port. */
  readonly port?: number;
  readonly host?: string;
  /** With it the server speaks https. */
  readonly certificate?: Certificate | null;
  /** How many requests may share a durable commit. */
  readonly together?: number;
  /** A second listener that answers `/metrics`. */
  readonly metrics?: MetricsOptions;
}

export interface OpenServer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly app: Hono;
  readonly keeper: SnapshotKeeper;
  readonly retention: Retention;
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  /** Where its figures are, if it was asked for them. */
  readonly metricsUrl: string | undefined;
  /** Resolves when everything in flight is answered and the database is closed. */
  close(): Promise<void>;
}

/** The database is an earlier one than was here: each log has begun a new epoch. */
export class PutBackNotice extends Error {
  override readonly name = 'PutBackNotice';

  constructor(epochs: number) {
    super(
      `The database was put back to an earlier state since the server last ran: ${epochs} logs have ` +
        'begun a new epoch. Devices that know more notice, and send theirs again.',
    );
  }
}

/** How often served time is counted, and what is due is done. */
const TICK_MS = 10 * 60_000;

export async function openServer(options: ServerOptions): Promise<OpenServer> {
  const { data, port = 0, host = '127.0.0.1', certificate } = options;
  const unlock = lockData(data);
  const closers = [unlock];
  try {
    const watch = await watchFor(options);
    const { observer, report } = watch;
    const store = openSqliteStore(data, { together: options.together, observer });
    closers.unshift(() => store.close());
    const renewed = await noticePutBack(data, store, newEpoch);
    if (renewed.length > 0) report(new PutBackNotice(renewed.length));
    closers.unshift(keepHighWater(data, store, report));
    const built = buildInThread(data);
    const build = observer ? timed(built, observer) : built;
    const watched = { ...options, report, ...(observer && { observer }) };
    const parts = composeServer(store, { build, rest: createRest(), ...watched });
    const metrics = await watch.listen({ hub: parts.hub, figures: store.figures });
    if (metrics) closers.unshift(() => metrics.close());
    const listener = listenerOf(parts.app, parts.report);
    const timeouts = timeoutsOf(parts.deadlines);
    const server = certificate
      ? createSecureServer({ ...timeouts, ...certificate }, listener)
      : createServer(timeouts, listener);
    const stop = gracefully(server);
    server.listen(port, host);
    await once(server, 'listening');
    tellCommands(data, options.retention, report);
    return openOn(server, { origin: originOf(host, certificate), parts, stop, closers, metrics });
  } catch (error) {
    closeAll(closers);
    throw error;
  }
}

/** So that `compact` and `stats` go by the same rules. */
function tellCommands(
  data: string,
  rules: ServerOptions['retention'],
  report: (error: unknown) => void,
): void {
  try {
    writeServedRules(data, { ...DEFAULT_RETENTION, ...rules });
  } catch (error) {
    // On a full disk it serves all the same.
    report(error);
  }
}

/** Each of them, whatever another throws. Answers with what they threw. */
const closeAll = (closers: readonly (() => void)[]): readonly Error[] =>
  closers.flatMap((close) => {
    try {
      close();
      return [];
    } catch (error) {
      return [error instanceof Error ? error : new Error('closing failed', { cause: error })];
    }
  });

const originOf = (host: string, certificate: Certificate | null | undefined): string =>
  `${certificate ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}`;

/** Builds as `build` does, and says how long it took and what came of it. */
const timed =
  (build: KeeperDeps['build'], observer: Pick<Observer, 'snapshot'>): KeeperDeps['build'] =>
  async (space, signal) => {
    const begun = performance.now();
    const built = await build(space, signal);
    const bytes = built.snapshot?.text.bytes;
    if (bytes !== undefined) observer.snapshot({ bytes, ms: performance.now() - begun });
    return built;
  };

interface Opened {
  readonly origin: string;
  readonly parts: ServerParts;
  readonly stop: () => Promise<void>;
  readonly closers: readonly (() => void)[];
  readonly metrics: MetricsListener | undefined;
}

function openOn(server: Server, { origin, parts, stop, closers, metrics }: Opened): OpenServer {
  const { app, hub, keeper, retention, tokens, accounts, state } = parts;
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | null = null;
  let ticked = performance.now();
  // A timer is never early: what it counts is time that the server has run.
  const ticking = setInterval(() => {
    ticked = performance.now();
    void retention.tick(TICK_MS);
  }, TICK_MS).unref();

  async function close(): Promise<void> {
    state.isStopping = true;
    clearInterval(ticking);
    hub.stop();
    await stop();
    await keeper.stop();
    // The rest: a server that never runs for as long as that would else never get older.
    await retention.stop(Math.floor(Math.min(performance.now() - ticked, TICK_MS)));
    const [first] = closeAll(closers);
    if (first !== undefined) throw first;
  }

  return {
    url: `${origin}:${port}`,
    port,
    app,
    keeper,
    retention,
    accounts,
    tokens,
    metricsUrl: metrics?.url,
    close: () => (closed ??= close()),
  };
}
