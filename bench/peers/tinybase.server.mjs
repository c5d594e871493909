/** TinyBase's own server, each path kept in a file: it answers from memory and writes the file after. */
import { join } from 'node:path';
import { createMergeableStore } from 'tinybase';
import { createFilePersister } from 'tinybase/persisters/persister-file';
import { createWsServer } from 'tinybase/synchronizers/synchronizer-ws-server';
import { WebSocketServer } from 'ws';
import { listen } from './listen.mjs';

/** @type {import('./listen.mjs').StartServer} */
export async function start({ data, pageDir }) {
  const { port, server } = await listen({ pageDir });
  /** @type {ReturnType<typeof createMergeableStore> | undefined} */
  let store;
  createWsServer(new WebSocketServer({ server }), (path) => {
    store = createMergeableStore();
    return createFilePersister(store, join(data, `${path.replaceAll(/\W/g, '_')}.json`));
  });
  return { port, count: () => store?.getRowCount('items') ?? 0 };
}
