/** One connection to the server, without a client's good manners, and a reader of what comes back. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { decoded } from './ask-app.ts';
import type { Answer } from './judge.ts';

export interface RawAnswer extends Answer {
  /** The server says that nothing else can come over this connection. */
  readonly closes: boolean;
}

export interface Connection {
  /** What the other side has closed its ears to is lost. */
  send(pieces: readonly Buffer[]): Promise<void>;
  /** The next answer; null where the connection ended before there was a whole one. */
  next(method: string): Promise<RawAnswer | null>;
  /** Says that nothing more will come, and reads what the server still says. */
  finish(): Promise<string>;
  drop(): void;
}

export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.setNoDelay();
  // What is written to a connection that the server has closed is lost, as it is meant to be.
  socket.on('error', () => {});
  await once(socket, 'connect');
  const state = { heard: Buffer.alloc(0), isOver: false };
  const wakers = new Set<() => void>();
  const wake = (): void => wakers.forEach((each) => each());
  socket.on('data', (bytes: Buffer) => {
    state.heard = Buffer.concat([state.heard, bytes]);
    wake();
  });
  for (const event of ['end', 'close', 'error']) {
    socket.on(event, () => {
      state.isOver = true;
      wake();
    });
  }
  const more = (): Promise<void> =>
    new Promise((resolve) => {
      const waker = (): void => {
        wakers.delete(waker);
        resolve();
      };
      wakers.add(waker);
    });

  return {
    async send(pieces) {
      for (const piece of pieces) {
        if (!isWritable(socket)) return;
        socket.write(piece);
        if (pieces.length > 1) await setImmediate();
      }
    },
    async next(method) {
      for (;;) {
        const read = readAnswer(state.heard, method, state.isOver);
        if (read) {
          state.heard = state.heard.subarray(read.length);
          // A word before the answer: "go on and send".
          if (read.answer.status >= 200) return read.answer;
        } else if (state.isOver) {
          return null;
        } else {
          await more();
        }
      }
    },
    async finish() {
      if (isWritable(socket)) socket.end();
      while (!state.isOver) await more();
      socket.destroy();
      return state.heard.toString('latin1');
    },
    drop: () => {
      socket.destroy();
    },
  };
}

const isWritable = (socket: Socket): boolean => socket.writable && !socket.destroyed;

interface Read {
  readonly answer: RawAnswer;
  /** How many bytes of what was heard it took. */
  readonly length: number;
}

/** The answer at the beginning of these bytes, or null where more have to come. */
export function readAnswer(bytes: Buffer, method: string, isOver: boolean): Read | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const headers = new Headers(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at), line.slice(at + 1).trim()] as [string, string];
    }),
  );
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
  if (Number.isNaN(status)) throw new Error(`no answer of HTTP: ${first}`);
  const body = bodyOf(bytes.subarray(end + 4), { status, headers, method, isOver });
  if (!body) return null;
  const text = decoded(body.bytes, headers.get('Content-Encoding'));
  const closes = headers.get('Connection')?.toLowerCase() === 'close' || body.isEndless;
  return { answer: { status, headers, text, closes }, length: end + 4 + body.length };
}

interface Head {
  readonly status: number;
  readonly headers: Headers;
  readonly method: string;
  readonly isOver: boolean;
}

interface Body {
  readonly bytes: Buffer;
  readonly length: number;
  readonly isEndless: boolean;
}

function bodyOf(rest: Buffer, { status, headers, method, isOver }: Head): Body | null {
  const of = (bytes: Buffer, length: number, isEndless = false) => ({ bytes, length, isEndless });
  if (method === 'HEAD' || status < 200 || status === 204 || status === 304)
    return of(Buffer.alloc(0), 0);
  const isStream = headers.get('Content-Type') === 'text/event-stream';
  if (headers.get('Transfer-Encoding') === 'chunked') return chunkedBody(rest, isStream);
  const length = headers.get('Content-Length');
  if (length !== null) {
    return rest.length < Number(length)
      ? null
      : of(rest.subarray(0, Number(length)), Number(length));
  }
  return isOver ? of(rest, rest.length, true) : null;
}

/** Of a stream the first chunk alone. */
function chunkedBody(rest: Buffer, isStream: boolean): Body | null {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const line = rest.indexOf('\r\n', at);
    if (line < 0) return null;
    const size = Number.parseInt(rest.subarray(at, line).toString('latin1'), 16);
    const next = line + 2 + size + 2;
    if (rest.length < next) return null;
    if (size === 0) return { bytes: Buffer.concat(chunks), length: next, isEndless: false };
    chunks.push(rest.subarray(line + 2, line + 2 + size));
    at = next;
    if (isStream) return { bytes: Buffer.concat(chunks), length: at, isEndless: true };
  }
}
