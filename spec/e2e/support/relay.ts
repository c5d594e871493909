/** What a proxy does with single requests: reads them whole, passes them on whole or in part, answers. */
import { once } from 'node:events';
import {
  request,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';

/** A request as it came, so that it can be sent on as often as one likes. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** The two ends of one exchange with the browser. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

export async function readAsked({ incoming }: Exchange): Promise<Asked> {
  const { method = 'GET', url = '/' } = incoming;
  const body = await readWhole(incoming);
  return { method, path: url, headers: endToEnd(incoming.headers), body };
}

/** Sends it to the server over a connection of its own, and reads the answer to its end. */
export async function sendOn(server: URL, { body, ...asked }: Asked): Promise<Answered> {
  const sending = open(server, asked);
  sending.end(body);
  const [incoming] = (await once(sending, 'response')) as [IncomingMessage];
  const headers = endToEnd(incoming.headers);
  return { status: incoming.statusCode ?? 0, headers, body: await readWhole(incoming) };
}

/** Sends the first half of the body under a head that promises all of it, and breaks off. */
export async function sendHalf(server: URL, asked: Asked): Promise<void> {
  const headers = { ...asked.headers, 'content-length': asked.body.length };
  // That there is no answer is as it should be.
  const sending = open(server, { ...asked, headers }).on('error', () => undefined);
  const closed = new Promise<void>((resolve) => void sending.once('close', () => resolve()));
  const half = firstHalf(asked.body);
  await new Promise<void>((sent) => void sending.write(half, () => sent()));
  sending.destroy();
  await closed;
}

/** Passes an exchange through as it flows: files, and the stream of events, which has no end. */
export function passThrough(server: URL, { incoming, outgoing }: Exchange): void {
  const { method = 'GET', url = '/' } = incoming;
  const sending = open(server, { method, path: url, headers: endToEnd(incoming.headers) });
  sending.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 0, endToEnd(answer.headers));
    // A stream is open before its first event.
    outgoing.flushHeaders();
    answer.on('error', () => outgoing.destroy()).pipe(outgoing);
  });
  sending.on('error', () => outgoing.destroy());
  outgoing.on('close', () => sending.destroy());
  incoming.pipe(sending);
}

export function answer({ outgoing }: Exchange, { status, headers, body }: Answered): void {
  outgoing.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
}

/** The first half of the body under a head that promises all of it, and then the end. */
export async function answerHalf({ outgoing }: Exchange, whole: Answered): Promise<void> {
  const { status, headers, body } = whole;
  outgoing.writeHead(status, { ...headers, 'content-length': body.length });
  await new Promise<void>((done) => {
    outgoing.write(firstHalf(body), () => done());
    // The browser may be gone already: then nobody says that it was sent.
    outgoing.once('close', done);
  });
  // Not a reset: that could overtake the half that was sent, and leave no answer at all.
  outgoing.destroy();
}

/** The browser sees its connection reset. */
export const reset = ({ incoming }: Exchange): void => void incoming.socket.resetAndDestroy();

/** A connection for each request: one that was cut off is nobody else's. */
const open = ({ hostname, port, host }: URL, { method, path, headers }: Omit<Asked, 'body'>) =>
  request({ hostname, port, method, path, headers: { ...headers, host }, agent: false });

const firstHalf = (body: Buffer): Buffer => body.subarray(0, body.length >> 1);

async function readWhole(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Without what is about the one connection that it came over. */
function endToEnd(all: IncomingHttpHeaders): OutgoingHttpHeaders {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...headers } = all;
  return headers;
}
