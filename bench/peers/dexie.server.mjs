/** Dexie alone has no server: this one serves the page. */
import { listen } from './listen.mjs';

/** @type {import('./listen.mjs').StartServer} */
export async function start({ pageDir }) {
  const { port } = await listen({ pageDir });
  return { port, count: () => 0 };
}
