/** A real server in this process, on a port and a data directory of its own. */
import { rm } from 'node:fs/promises';
import { openServer, type OpenServer, type ServerOptions } from '../../server/index.ts';
import { scratchDirectory } from '../../server/testing/scratch.ts';

export interface TestServer extends OpenServer {
  /** Its data directory. */
  readonly data: string;
  /** A token of the account of this name, which is made if there is none. */
  tokenFor(name: string, options?: { readOnly?: boolean }): Promise<string>;
  stop(): Promise<void>;
}

export async function startServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const data = await scratchDirectory('test');
  const server = await openServer({ data, port: 0, ...options });
  return {
    ...server,
    data,
    async tokenFor(name, { readOnly = false } = {}) {
      const account = await server.accounts.named(name);
      return server.tokens.mint({ account: account.id, label: 'test', readOnly });
    },
    async stop() {
      await server.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}
