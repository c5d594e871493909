/**
 * One contestant's server, in a process of its own: `node server-process.mjs NAME DATA PAGES`. Sends
 * its port and token to its parent once it listens, and answers each question with the same id.
 */
import { subscribe } from 'node:diagnostics_channel';
import { setTimeout } from 'node:timers/promises';

/** @typedef {{ id: number, ask: 'count' | 'memory' | 'bytes' } | { id: number, ask: 'has', items: number }} Question */

const LOOK_EVERY_MS = 4;

const [name = '', data = '', pageDir = ''] = process.argv.slice(2);

/** Every connection there was, whoever listens for it: what went over the wire is theirs. @type {Set<import('node:net').Socket>} */
const sockets = new Set();
let bytesOfClosed = 0;
subscribe('net.server.socket', (message) => {
  const { socket } = /** @type {{ socket: import('node:net').Socket }} */ (message);
  sockets.add(socket);
  socket.once('close', () => {
    sockets.delete(socket);
    bytesOfClosed += socket.bytesWritten;
  });
});

const module = /** @type {{ start: import('./peers/listen.mjs').StartServer }} */ (
  await import(`./peers/${name}.server.mjs`)
);
const { port, token = '', count } = await module.start({ data, pageDir });
process.on('message', (/** @type {Question} */ question) => void reply(question));
process.once('disconnect', () => process.exit(0));
process.send?.({ port, token });

/** @param {Question} question */
async function reply(question) {
  try {
    process.send?.({ id: question.id, value: await answerTo(question) });
  } catch (error) {
    process.send?.({ id: question.id, error: String(error) });
  }
}

/** @param {Question} question @returns {Promise<number>} */
async function answerTo(question) {
  switch (question.ask) {
    case 'count':
      return count();
    case 'has': {
      // Looks before each question how much there is: a poll in this process costs it next to nothing.
      while ((await count()) < question.items) await setTimeout(LOOK_EVERY_MS);
      return performance.timeOrigin + performance.now();
    }
    case 'memory':
      globalThis.gc?.();
      return process.memoryUsage.rss();
    case 'bytes':
      return [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, bytesOfClosed);
  }
}
