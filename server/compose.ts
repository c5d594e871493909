/**
 * The server's parts, put together on a store: everything but a listener. The one place that knows
 * every part; time, chance and the store come in, so that a simulator can own them.
 */
import { randomBytes } from 'node:crypto';
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
import type { Hub } from './events/hub.ts';
import { DEFAULT_DEADLINES } from './http/deadlines.ts';
import type { Deadlines } from './http/deadlines.ts';
import { createOpLog } from './log/op-log.ts';
import { createRetention } from './log/retain.ts';
import type { Retention } from './log/retain.ts';
import { DEFAULT_RETENTION } from './log/retention.ts';
import type { RetentionRules } from './log/retention.ts';
import type { Observer } from './observer.ts';
import { packageRoot } from './package-root.ts';
import { buildSnapshot } from './snapshots/build.ts';
import { DEFAULT_SNAPSHOT_RULES } from './snapshots/due.ts';
import type { SnapshotRules } from './snapshots/due.ts';
import { createSnapshotKeeper } from './snapshots/keeper.ts';
import type { KeeperDeps, SnapshotKeeper } from './snapshots/keeper.ts';
import { readParts } from './snapshots/read-parts.ts';
import type { Rest } from './snapshots/rest.ts';
import type { Store } from './store/sqlite.ts';

export interface PartsOptions {
  readonly limits?: Partial<Limits>;
  readonly deadlines?: Partial<Deadlines>;
  readonly appDir?: string;
  readonly pingEveryMs?: number;
  /** Event streams that one account may have open at once. */
  readonly streamsPerAccount?: number;
  readonly now?: () => number;
  readonly random?: (bytes: number) => Uint8Array;
  readonly report?: (error: unknown) => void;
  readonly snapshots?: Partial<SnapshotRules>;
  readonly retention?: Partial<RetentionRules>;
  /** Builds a snapshot; here and now, where nothing else is said. */
  readonly build?: KeeperDeps['build'];
  /** Between two builds; none, where nothing else is said. */
  readonly rest?: Rest;
  readonly observer?: Observer;
}

export interface ServerParts {
  readonly app: Hono;
  readonly hub: Hub;
  readonly keeper: SnapshotKeeper;
  readonly retention: Retention;
  readonly tokens: Tokens;
  readonly accounts: Accounts;
  /** Set when no more is to be taken. */
  readonly state: { isStopping: boolean };
  readonly deadlines: Deadlines;
  readonly report: (error: unknown) => void;
}

const PING_EVERY_MS = 25_000;
const STREAMS_PER_ACCOUNT = 100;

/** The server over `store`, which stays its caller's to close. */
export function composeServer(store: Store, options: PartsOptions = {}): ServerParts {
  const { now = Date.now, report = () => {}, pingEveryMs = PING_EVERY_MS } = options;
  const { appDir = join(packageRoot, 'dist', 'app'), random = randomBytes } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const deadlines = { ...DEFAULT_DEADLINES, ...options.deadlines };
  const hub = createHub();
  const tokens = createTokens({
    store: store.auth,
    now,
    random,
    onRevoked: (id) => hub.revoked(id),
  });
  const accounts = createAccounts({ store: store.auth, now, random });
  const keeper = createSnapshotKeeper({
    store: store.snapshots,
    build: options.build ?? ((space) => buildSnapshot(store.snapshots, space)),
    rules: { ...DEFAULT_SNAPSHOT_RULES, ...options.snapshots },
    now,
    report,
    rest: options.rest,
  });
  // Not awaited by the push that caused it: a hint that fails is one that was lost.
  const tell = (poke: Poke): void => {
    keeper.grew(poke.space, poke.head);
    store.log
      .membersOf(poke.space)
      .then((members) => hub.poke(poke, members))
      .catch(report);
  };
  const log = createOpLog({
    store: store.log,
    limits,
    now,
    served: () => store.retention.served(),
    random,
    tell,
    observer: options.observer,
  });
  const retention = createRetention({
    store: store.retention,
    rules: { ...DEFAULT_RETENTION, ...options.retention },
    readBack: (space) => readParts(store.snapshots, space),
    onDamage: (space) => keeper.damaged(space),
    now,
    tell,
    report,
    observer: options.observer,
  });
  const state = { isStopping: false };
  const app = createApp({
    log,
    store: store.log,
    snapshots: store.snapshots,
    keeper,
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
    observer: options.observer,
  });
  return { app, hub, keeper, retention, tokens, accounts, state, deadlines, report };
}
