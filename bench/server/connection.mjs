/**
 * A connection that sends requests one after the other and reads the answers with as little work as
 * can be: what is measured is the server, which shares the machine with it.
 */
import { once } from 'node:events';
import { connect } from 'node:net';

const END_OF_HEAD = Buffer.from('\r\n\r\n');

/** @typedef {Awaited<ReturnType<typeof openConnection>>} Connection */

/** @param {number} port */
export async function openConnection(port) {
  let link = await openLink(port);
  return {
    /**
     * Resolves with the body of the answer; rejects where that is not 200 or 201. A server closes what
     * was idle for long, perhaps just now: then it is asked again, which no server here minds.
     * @param {string} request
     * @returns {Promise<Buffer>}
     */
    async ask(request) {
      const answer = await link.ask(request);
      if (answer) return answer;
      link = await openLink(port);
      const again = await link.ask(request);
      if (!again) throw new Error('the connection was closed twice');
      return again;
    },
    close: () => link.close(),
  };
}

/** One socket; what is asked of it resolves with nothing when it is closed. @param {number} port */
async function openLink(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  /** @type {Buffer} */
  let received = Buffer.alloc(0);
  /** @type {{ resolve: (body: Buffer | undefined) => void, reject: (error: Error) => void } | undefined} */
  let waiting;

  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const headEnd = received.indexOf(END_OF_HEAD);
    if (headEnd < 0) return;
    const head = received.toString('latin1', 0, headEnd);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    const end = headEnd + END_OF_HEAD.length + length;
    if (!(received.length >= end)) {
      if (Number.isNaN(length)) waiting?.reject(new Error(`no length: ${head}`));
      return;
    }
    const body = received.subarray(headEnd + END_OF_HEAD.length, end);
    received = received.subarray(end);
    if (/^HTTP\/1\.1 20[01] /.test(head)) waiting?.resolve(body);
    else waiting?.reject(new Error(`${head}\n\n${body.toString()}`));
  });
  // A reset is told by `close` too.
  socket.on('error', () => {});
  socket.on('close', () => waiting?.resolve(undefined));

  return {
    /** @param {string} request @returns {Promise<Buffer | undefined>} */
    ask(request) {
      if (socket.destroyed) return Promise.resolve(undefined);
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      });
    },
    close: () => socket.destroy(),
  };
}

/** @param {string} token @param {string} body @param {string} [path] */
export const pushRequest = (token, body, path = '/sync/push') =>
  `POST ${path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${token}\r\n` +
  `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
