/** Stops an HTTP server so that nobody who was let in goes unanswered. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** A client that neither sends the rest nor goes away does not keep the server from stopping. */
const PATIENCE_MS = 10_000;
const SWEEP_EVERY_MS = 50;

/** Call it before the server listens. What it returns resolves when no connection is left. */
export function gracefully(server: Server): () => Promise<void> {
  // Browsers open connections in advance. Node counts one that never asked anything as busy.
  // By the other side's address: with https, the socket that asks is not the one that connected.
  const silent = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const other = otherSideOf(socket);
    silent.set(other, socket);
    socket.once('close', () => {
      if (silent.get(other) === socket) silent.delete(other);
    });
  });
  server.on('request', ({ socket }) => silent.delete(otherSideOf(socket)));

  return async function stop() {
    const closed = once(server, 'close');
    server.close();
    for (const socket of silent.values()) socket.destroy();
    // A connection falls idle when its last answer is out, and would be kept for the next question.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_EVERY_MS);
    const impatient = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
    await closed;
    clearInterval(sweep);
    clearTimeout(impatient);
  };
}

const otherSideOf = ({ remoteAddress, remotePort }: Socket): string =>
  `${remoteAddress} ${remotePort}`;
