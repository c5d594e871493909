/** The connected database: puts the parts together on a host, whichever it is. */
import { uuidV7 } from '../../core/index.ts';
import type {
  CollectionHandles,
  Db,
  DbBase,
  HostPlace,
  Observed,
  Options,
  Unsubscribe,
} from './api.ts';
import { updateOf } from './app-update.ts';
import { batch, bulk, collect, createCollection, onlyRow, type Parts } from './collections.ts';
import { deletedRows } from './deleted.ts';
import type { Environment } from './environment.ts';
import { createFormer } from './former.ts';
import type { Host } from './host.ts';
import { createCheckedWrite } from './checked-write.ts';
import { createConflicts } from './conflicts.ts';
import { createLiveQueries, type LiveQueries } from './live.ts';
import { createPersistence } from './persistence.ts';
import { createPoll } from './poll.ts';
import { startResolving } from './resolvers.ts';
import { configOf } from './schema-config.ts';
import type { Collections } from './schema.ts';
import { createSession, type Session } from './session.ts';
import { createSetAside } from './set-aside.ts';
import { openTables } from './tables.ts';
import { createWriter } from './writer.ts';

export interface World {
  readonly environment: Environment;
  readonly host: Host & { readonly place: Observed<HostPlace> };
}

export function createDatabase<C extends Collections>(
  { name, schema, persist = 'auto' }: Pick<Options<C>, 'name' | 'schema' | 'persist'>,
  { environment, host }: World,
): Db<C> {
  const config = configOf(name, schema, isOwnMember);
  const session = createSession({ host, config, now: () => environment.now() });
  const update = updateOf(environment, host.update);
  const tables = openTables(config, schema.collections, {
    // Not at once: who closed it wants to open it first.
    onClosed: () => void environment.after(REOPEN_AFTER_MS, () => live.refresh()),
    onOutdated: update.found,
  });
  const live = createLiveQueries(environment, tables);
  const poll = createPoll({
    environment,
    ring: (reason) => {
      const { filling } = session.status.current;
      return session.ask({ type: 'ring', reason, ...(filling && { open: [...live.spaces()] }) });
    },
    isWanted: () => {
      const { account, phase } = session.status.current;
      return account !== null && phase !== 'paused';
    },
    waitsUntil: () => session.status.current.waiting?.until ?? null,
  });
  const persistence = createPersistence({ environment, session, asksByItself: persist === 'auto' });
  const send = createCheckedWrite(
    schema.collections,
    (collection, ref) => onlyRow(tables, collection, ref),
    createWriter(session, environment),
  );
  const parts: Parts = {
    tables,
    liveRows: live.rows,
    newId: () => uuidV7(environment.now(), environment.randomBytes(10)),
    write(plan) {
      poll.touched();
      const written = send(plan);
      written.then(
        () => {
          live.expectChange();
          persistence.consider();
        },
        () => {},
      );
      return written;
    },
  };
  const stops = [
    session.status.subscribe(poll.consider),
    session.applied.subscribe(poll.active),
    // What is opened meanwhile is to be fetched next.
    session.status.subscribe(({ filling }) => filling && poll.active()),
    session.applied.subscribe(live.expectChange),
    session.missed.subscribe(live.refresh),
    ...catchUpOnReturn(environment, session, live),
    poll.close,
    live.close,
    session.close,
    () => tables.close(),
  ];

  const ready = session.greeted();
  ready.catch(() => {}); // told to whoever awaits it, and to every write

  const all = Object.entries(schema.collections).map(([each, def]) => ({ name: each, def }));
  const handles = Object.fromEntries(all.map((of) => [of.name, createCollection(of, parts)]));
  const collections = handles as unknown as CollectionHandles<C>;
  const conflicts = createConflicts(tables, parts.write);
  const { report } = environment;
  stops.unshift(
    startResolving({
      ...parts,
      collections: schema.collections,
      conflicts,
      live: live.live,
      report,
    }),
  );
  const base: DbBase<C> = {
    collections,
    ready,
    batch: (write) => batch(parts, all, write),
    bulk(write) {
      const intents = collect(parts, all, write);
      return bulk(parts, () => intents);
    },
    live: live.live,
    status: session.status,
    host: host.place,
    applied: session.applied,
    update: update.update,
    setAside: createSetAside(tables, parts.write, session),
    conflicts,
    // The rows' type is the compiler's alone, and it has it from the schema.
    deleted: async (collection, ids) =>
      (await deletedRows(
        { tables, config, collections: schema.collections },
        collection,
        ids,
      )) as never,
    former: createFormer(tables, config, { write: parts.write, session }),
    pause: async () => (await session.ask({ type: 'pause' })).status,
    resume: async () => (await session.ask({ type: 'resume' })).status,
    syncNow: async () => (await session.ask({ type: 'sync-now' })).status,
    persist: persistence.persist,
    startAnew: async ({ evenUnread = false } = {}) =>
      (await session.ask({ type: 'start-anew', evenUnread })).status,
    lossSeen: async () => (await session.ask({ type: 'loss-seen' })).status,
    awaySeen: async () => (await session.ask({ type: 'away-seen' })).status,
    async connectAccount({ url, token }) {
      const { status } = await session.ask({ type: 'connect', url, token });
      // The home may be another one now, and other spaces followed.
      session.wake();
      return status;
    },
    close() {
      for (const stop of stops) stop();
    },
  };
  return Object.assign(base, collections);
}

/** A closed connection is opened again after this: queries that ran when it was closed gave no answer. */
const REOPEN_AFTER_MS = 100;

/** Spelled out, so that the compiler misses none: a collection of such a name would hide it. */
const OWN_MEMBERS: Readonly<Record<keyof DbBase<Collections>, true>> = {
  collections: true,
  ready: true,
  batch: true,
  bulk: true,
  live: true,
  status: true,
  host: true,
  applied: true,
  update: true,
  setAside: true,
  conflicts: true,
  deleted: true,
  former: true,
  pause: true,
  resume: true,
  syncNow: true,
  connectAccount: true,
  persist: true,
  lossSeen: true,
  awaySeen: true,
  startAnew: true,
  close: true,
};

/**
 * Also true of what every object has, like `toString`; and a database with a `then` would be taken
 * for a promise by every `await`.
 */
const isOwnMember = (name: string): boolean => name in OWN_MEMBERS || name === 'then';

/**
 * A page that was suspended missed what was posted meanwhile, by the host and by Dexie: when it comes
 * back it reads again and asks the host.
 */
function catchUpOnReturn(
  environment: Environment,
  session: Session,
  live: LiveQueries,
): Unsubscribe[] {
  const back = (): void => {
    live.refresh();
    session.wake();
  };
  return [
    environment.listen('visibilitychange', () => environment.isVisible() && back()),
    environment.listen(
      'pageshow',
      (event) => 'persisted' in event && event.persisted === true && back(),
    ),
    environment.listen('focus', session.wake),
  ];
}
