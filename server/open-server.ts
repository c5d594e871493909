/**
 * The whole server, composed on a data directory and listening: for the command line, for tests, and
 * for anyone who embeds it. The one place that knows every part.
 *
 *   close():  end streams, take no more ─► answer what is in flight ─► close the database
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { DEFAULT_LIMITS } from '../core/index.ts';
import type { Limits, Poke } from '../core/index.ts';
import { createApp } from './app.ts';
import { createAccounts } from './auth/accounts.ts';
import type { Accounts } from './auth/accounts.ts';
import { createTokens } from './auth/tokens.ts';
import type { Tokens } from './auth/tokens.ts';
import { createHub } from './events/hub.ts';
import { DEFAULT_DEADLINES, timeoutsOf } from './http/deadlines.ts';
import type { Deadlines } from './http/deadlines.ts';
import { gracefully } from './http/gracefully.ts';
import { listenerOf } from './http/listener.ts';
import { createOpLog } from './log/op-log.ts';
import { packageRoot } from './package-root.ts';
import { lockData } from './store/lock.ts';
import { openSqliteStore } from './store/sqlite.ts';

/** In PEM; `cert` may have its chain behind it. */
export interface Certificate {
  readonly cert: Buffer | string;
  readonly key: Buffer | string;
}

export interface ServerOptions {
  /** The data directory, made if there is none. */
  readonly data: string;
  /** 0 takes any free port. */
  readonly port?: number;
  readonly host?: string;
  readonly limits?: Partial<Limits>;
  /** With it the server speaks https. */
  readonly certificate?: Certificate | null;
  readonly deadlines?: Partial<Deadlines>;
  readonly appDir?: string;
  readonly pingEveryMs?: number;
  /** Event streams that one account may have open at once. */
  readonly streamsPerAccount?: number;
  readonly now?: () => number;
  readonly report?: (error: unknown) => void;
}

export interface OpenServer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
  readonly app: Hono;
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  /** Resolves when everything in flight is answered and the database is closed. */
  close(): Promise<void>;
}

const PING_EVERY_MS = 25_000;
const STREAMS_PER_ACCOUNT = 100;

export async function openServer(options: ServerOptions): Promise<OpenServer> {
  const { data, port = 0, host = '127.0.0.1', certificate } = options;
  const unlock = lockData(data);
  const closers = [unlock];
  try {
    const parts = compose(options);
    closers.unshift(() => parts.store.close());
    const listener = listenerOf(parts.app, parts.report);
    const timeouts = timeoutsOf(parts.deadlines);
    const server = certificate
      ? createSecureServer({ ...timeouts, ...certificate }, listener)
      : createServer(timeouts, listener);
    const stop = gracefully(server);
    server.listen(port, host);
    await once(server, 'listening');
    return openOn(server, originOf(host, certificate), parts, stop, closers);
  } catch (error) {
    for (const close of closers) close();
    throw error;
  }
}

const originOf = (host: string, certificate: Certificate | null | undefined): string =>
  `${certificate ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}`;

type Parts = ReturnType<typeof compose>;

function compose(options: ServerOptions) {
  const { now = Date.now, report = () => {}, pingEveryMs = PING_EVERY_MS } = options;
  const { appDir = join(packageRoot, 'dist', 'app') } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const deadlines = { ...DEFAULT_DEADLINES, ...options.deadlines };
  const random = (bytes: number): Uint8Array => randomBytes(bytes);
  const store = openSqliteStore(options.data);
  const hub = createHub();
  const tokens = createTokens({
    store: store.auth,
    now,
    random,
    onRevoked: (id) => hub.revoked(id),
  });
  const accounts = createAccounts({ store: store.auth, now, random });
  // Not awaited by the push that caused it: a hint that fails is one that was lost.
  const tell = (poke: Poke): void => {
    store.log
      .membersOf(poke.space)
      .then((members) => hub.poke(poke, members))
      .catch(report);
  };
  const log = createOpLog({ store: store.log, limits, now, random, tell });
  const state = { isStopping: false };
  const app = createApp({
    log,
    store: store.log,
    accounts,
    tokens,
    hub,
    limits,
    deadlines,
    now,
    ping: () => store.ping(),
    isStopping: () => state.isStopping,
    pingEveryMs,
    streamsPerAccount: options.streamsPerAccount ?? STREAMS_PER_ACCOUNT,
    appDir,
    report,
  });
  return { app, store, hub, tokens, accounts, state, deadlines, report };
}

function openOn(
  server: Server,
  origin: string,
  { app, hub, tokens, accounts, state }: Parts,
  stop: () => Promise<void>,
  closers: readonly (() => void)[],
): OpenServer {
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | null = null;

  async function close(): Promise<void> {
    state.isStopping = true;
    hub.stop();
    await stop();
    for (const step of closers) step();
  }

  return {
    url: `${origin}:${port}`,
    port,
    app,
    accounts,
    tokens,
    close: () => (closed ??= close()),
  };
}
