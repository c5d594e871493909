/** A real server whose data directory can be saved and put back, as an operator restores a backup. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { parse, PushAnswerSchema, type SequencedOp, type SpaceId } from '../../core/index.ts';
import { openServer, type OpenServer, type ServerOptions } from '../../server/index.ts';
import { uuid } from './device.ts';
import { scratchDirectory } from '../../server/testing/scratch.ts';

type Logs = Map<SpaceId, SequencedOp[]>;
const DAY_MS = 24 * 3_600_000;

export interface RestorableServer {
  readonly url: string;
  tokenFor(name: string): Promise<string>;
  /** A copy of everything that the server knows at this moment. */
  backup(): Promise<string>;
  /** Puts a copy back; with a new epoch, as the documentation says, or without. */
  restore(backup: string, options: { newEpoch: boolean }): Promise<void>;
  /** The log of each space that a token reaches; of one that has lost its start, behind what is `known` of it. */
  logs(token: string, known?: Logs): Promise<Logs>;
  /** So many days go by, as the server counts them. */
  pass(days: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startRestorable(
  options: Partial<ServerOptions> = {},
): Promise<RestorableServer> {
  const root = await scratchDirectory('restore');
  const data = join(root, 'data');
  let server: OpenServer = await openServer({ data, port: 0, ...options });
  const { port, url } = server;
  let backups = 0;

  /** Runs `work` on the directory while no server holds it. */
  async function between(work: () => Promise<void>): Promise<void> {
    await server.close();
    await work();
    server = await openServer({ data, port, ...options });
  }

  return {
    url,
    async tokenFor(name) {
      const account = await server.accounts.named(name);
      return server.tokens.mint({ account: account.id, label: 'test', readOnly: false });
    },
    async backup() {
      const to = join(root, `backup-${backups++}`);
      await between(() => cp(data, to, { recursive: true }));
      return to;
    },
    async restore(backup, { newEpoch }) {
      await between(async () => {
        await rm(data, { recursive: true });
        await cp(backup, data, { recursive: true });
        if (newEpoch) renewEpochs(data);
      });
    },
    logs: (token, known) => logsOf(url, token, known),
    async pass(days) {
      for (let day = 0; day < days; day++) await server.retention.tick(DAY_MS);
    },
    async stop() {
      await server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** What `offing epoch new` does, without a process of its own. */
function renewEpochs(data: string): void {
  const db = new Database(join(data, 'offing.db'));
  db.prepare('UPDATE space SET epoch = ?, epoch_from = head').run(uuid());
  db.close();
}

/** The whole log of each space, by the protocol. */
export async function logsOf(url: string, token: string, known: Logs = new Map()): Promise<Logs> {
  const headers = { Authorization: `Bearer ${token}` };
  const ask = async (path: string) =>
    (await fetch(new URL(path, url), { headers })).json() as Promise<never>;
  const { spaces } = (await ask('/sync/spaces')) as { spaces: { space: SpaceId }[] };
  const logs: Logs = new Map();
  for (const { space } of spaces) {
    const log = [...(known.get(space) ?? [])];
    for (let more = true; more;) {
      const answer = parse(PushAnswerSchema, await ask(`/sync/pull?since=${space}:${log.length}`));
      const part = answer.ok ? answer.value.spaces[space] : undefined;
      if (!part || 'error' in part) throw new Error(JSON.stringify(answer));
      log.push(...(part.ops as SequencedOp[]));
      more = part.more;
    }
    logs.set(space, log);
  }
  return logs;
}
