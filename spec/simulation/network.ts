/**
 * The network between devices and the server: each request and each reply is a message of its own, in
 * the air until it is delivered, and can be lost, late, repeated, cut or answered by something else. So
 * is each event of a stream of pokes, behind those that were written into it before.
 */
import type { Fetch } from '../../sw/adapters/http-transport.ts';
import type { Life } from './device-locks.ts';
import { EventLine } from './event-line.ts';
import { Violation, type FaultPoint } from './faults.ts';

export interface SentRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

export interface SentReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Of a stream: what the server writes into it. */
  readonly events?: ReadableStream<Uint8Array>;
}

interface OnItsWay {
  readonly id: number;
  readonly device: number;
  /** Not delivered before time or a heal lets it go. */
  held: boolean;
}
export interface RequestMessage extends OnItsWay {
  readonly kind: 'request';
  readonly request: SentRequest;
  /** What the device waits for; a repetition is waited for by nobody. */
  readonly waiter: Waiter | undefined;
}
export interface ReplyMessage extends OnItsWay {
  readonly kind: 'reply';
  readonly reply: SentReply | 'lost';
  readonly waiter: Waiter | undefined;
  readonly line?: EventLine;
}
export interface EventMessage extends OnItsWay {
  readonly kind: 'event';
  readonly line: EventLine;
  /** Absent: the stream ends. */
  readonly chunk: Uint8Array | undefined;
}
export type Message = RequestMessage | ReplyMessage | EventMessage;

interface Waiter {
  readonly life: Life;
  answer(reply: SentReply | 'lost', line?: EventLine): void;
}

export type LinkFault = Extract<
  FaultPoint,
  | 'request-dropped'
  | 'request-delayed'
  | 'request-repeated'
  | 'request-retried'
  | 'reply-dropped'
  | 'reply-delayed'
  | 'reply-repeated'
  | 'reply-cut'
  | 'reply-portal'
  | 'rate-limited'
  | 'token-expired'
  | 'poke-dropped'
  | 'poke-delayed'
  | 'stream-broken'
>;
type Side = 'request' | 'reply' | 'event';

const PORTAL: SentReply = {
  status: 200,
  headers: { 'Content-Type': 'text/html' },
  body: '<html><title>Welcome to our Wi-Fi</title></html>',
};

const problem = (status: number, code: string, more: Record<string, string> = {}): SentReply => ({
  status,
  headers: { 'Content-Type': 'application/problem+json', ...more },
  body: JSON.stringify({ code, status, title: code }),
});

export class Network {
  readonly air: Message[] = [];
  readonly #armed = new Map<number, LinkFault[]>();
  /** The newest that has arrived on each way of each device. */
  readonly #landed = new Map<string, number>();
  /** What each device was last answered at each address, as these actors. */
  readonly #answered = new Map<string, SentReply>();
  /** The streams that are open. */
  readonly #lines = new Set<EventLine>();
  readonly #happened: (point: FaultPoint) => void;
  /** Called with what the server writes into a stream. */
  onEvent: (device: number, text: string) => void = () => {};
  #ids = 0;

  constructor(happened: (point: FaultPoint) => void) {
    this.#happened = happened;
  }

  /** One of the device's next messages meets this. */
  arm(device: number, fault: LinkFault): void {
    this.#armed.set(device, [...(this.#armed.get(device) ?? []), fault]);
  }

  /** From now on everything comes through, what was late too. */
  heal(): void {
    this.#armed.clear();
    for (const message of this.air) message.held = false;
  }

  /**
   * The device was put back: nobody on the way keeps an answer for it any more. One to what it has not
   * asked any more, under clocks that it gives anew, it could not tell from its own.
   */
  forget(device: number): void {
    for (const way of this.#answered.keys())
      if (way.startsWith(`${device} `)) this.#answered.delete(way);
  }

  /** What a device's transport sends its requests with. */
  fetchOf(device: number, life: Life): Fetch {
    return (url, init) =>
      new Promise((resolve, reject) => {
        let isOver = false;
        let opened: EventLine | undefined;
        const waiter: Waiter = {
          life,
          answer(reply, line) {
            if (isOver) return line?.hangUp();
            isOver = true;
            opened = line;
            if (reply === 'lost') reject(new TypeError('network'));
            else resolve(new Response(line?.toDevice ?? reply.body, reply));
          },
        };
        init.signal?.addEventListener('abort', () => {
          opened?.break();
          if (isOver) return;
          isOver = true;
          reject(init.signal?.reason as Error);
        });
        this.#send(device, requestOf(url, init), waiter);
      });
  }

  #send(device: number, request: SentRequest, waiter: Waiter): void {
    // Of a stream it is the events that something happens to.
    const fault = isOfEvents(request) ? undefined : this.#take(device, 'request');
    const message = (held: boolean, whose: Waiter | undefined): RequestMessage => ({
      kind: 'request',
      id: ++this.#ids,
      device,
      held,
      request,
      waiter: whose,
    });
    switch (fault) {
      case undefined:
        this.air.push(message(false, waiter));
        return;
      case 'request-dropped':
        this.reply(device, 'lost', waiter);
        return;
      case 'request-delayed':
        this.air.push(message(true, waiter));
        return;
      case 'request-repeated':
        // The second comes much later than the first: after what was sent in the meantime.
        this.air.push(message(false, waiter), message(true, undefined));
        return;
      case 'request-retried':
        // By somebody on the way, who heard nothing of the first: either may come before the other.
        this.air.push(message(false, undefined), message(false, waiter));
        return;
      case 'rate-limited':
        this.reply(device, problem(429, 'rate_limited', { 'Retry-After': '20' }), waiter);
        return;
      case 'token-expired':
        this.reply(device, problem(401, 'token_expired'), waiter);
        return;
      default:
        throw new Violation('SI', `${fault} is not a request's`);
    }
  }

  /** The server's answer sets out; `lost` where there is none, as when its process is gone. */
  answer(request: RequestMessage, reply: SentReply | 'lost'): void {
    const { device, waiter } = request;
    if (!waiter || reply === 'lost') return this.reply(device, reply, waiter);
    if (reply.events) return this.#open(device, reply, waiter, reply.events);
    const way = wayOf(device, request.request);
    const before = this.#answered.get(way) ?? reply;
    this.#answered.set(way, reply);
    const fault = this.#take(device, 'reply');
    switch (fault) {
      case undefined:
        return this.reply(device, reply, waiter);
      case 'reply-dropped':
        return this.reply(device, 'lost', waiter);
      case 'reply-delayed':
        return this.reply(device, reply, waiter, true);
      case 'reply-repeated':
        // In the place of its own it is given the one before, that somebody on the way has kept.
        return this.reply(device, before, waiter);
      case 'reply-cut':
        return this.reply(
          device,
          { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) },
          waiter,
        );
      case 'reply-portal':
        return this.reply(device, PORTAL, waiter);
      default:
        throw new Violation('SI', `${fault} is not a reply's`);
    }
  }

  /** The server is gone, and all that it wrote into with it. */
  breakStreams(): void {
    for (const line of this.#lines) line.break();
    this.#lines.clear();
  }

  #open(
    device: number,
    reply: SentReply,
    waiter: Waiter,
    events: ReadableStream<Uint8Array>,
  ): void {
    const line = new EventLine(events, {
      wrote: (chunk) => this.#wrote(device, waiter.life, line, chunk),
      ended: () => this.#event(device, line),
    });
    this.#lines.add(line);
    this.air.push({ kind: 'reply', id: ++this.#ids, device, held: false, reply, waiter, line });
  }

  #wrote(device: number, life: Life, line: EventLine, chunk: Uint8Array): void {
    const text = new TextDecoder().decode(chunk);
    this.onEvent(device, text);
    if (life.isOver) return line.hangUp();
    const fault = isPoke(text) ? this.#take(device, 'event') : undefined;
    switch (fault) {
      case undefined:
        return this.#event(device, line, chunk);
      case 'poke-dropped':
        return;
      case 'poke-delayed':
        return this.#event(device, line, chunk, true);
      case 'stream-broken':
        this.#lines.delete(line);
        return line.break();
      default:
        throw new Violation('SI', `${fault} is not an event's`);
    }
  }

  #event(device: number, line: EventLine, chunk?: Uint8Array, held = false): void {
    this.air.push({ kind: 'event', id: ++this.#ids, device, held, line, chunk });
  }

  reply(device: number, reply: SentReply | 'lost', waiter: Waiter | undefined, held = false): void {
    this.air.push({ kind: 'reply', id: ++this.#ids, device, held, reply, waiter });
  }

  /** The next message that may be delivered, taken out of the air; `pick` chooses among them. */
  next(pick: (count: number) => number): Message | undefined {
    const ready = this.air.filter((message) => !message.held && this.#isNext(message));
    const message = ready[ready.length > 1 ? pick(ready.length) : 0];
    if (message) this.#land(message);
    return message;
  }

  /** All requests that may be delivered, taken out of the air. */
  moreRequests(): RequestMessage[] {
    const ready = this.air.filter(
      (one): one is RequestMessage => one.kind === 'request' && !one.held,
    );
    for (const message of ready) this.#land(message);
    return ready;
  }

  /** Whether nothing of the same stream is still on its way before it. */
  #isNext(message: Message): boolean {
    if (message.kind !== 'event') return true;
    const { line } = message;
    return this.air.find((one) => one.kind !== 'request' && one.line === line) === message;
  }

  #land(message: Message): void {
    this.air.splice(this.air.indexOf(message), 1);
    if (message.kind === 'event' || isOfStream(message)) return;
    const link = `${message.kind} ${message.device}`;
    const before = this.#landed.get(link) ?? 0;
    if (message.id < before) this.#happened(`${message.kind}-reordered`);
    this.#landed.set(link, Math.max(before, message.id));
  }

  #take(device: number, side: Side): LinkFault | undefined {
    const armed = this.#armed.get(device) ?? [];
    const fault = armed.find((one) => sideOf(one) === side);
    if (!fault) return undefined;
    armed.splice(armed.indexOf(fault), 1);
    this.#happened(fault);
    return fault;
  }
}

function sideOf(fault: LinkFault): Side {
  if (fault.startsWith('reply')) return 'reply';
  return fault.startsWith('poke') || fault.startsWith('stream') ? 'event' : 'request';
}

const isOfEvents = ({ url }: SentRequest): boolean => url.endsWith('/sync/events');

/** What opens a stream has nothing to be out of order with. */
const isOfStream = (message: RequestMessage | ReplyMessage): boolean =>
  message.kind === 'request' ? isOfEvents(message.request) : message.line !== undefined;

/**
 * Answers are kept by the actors that asked, too: that one belongs to a request is what HTTP is relied
 * on for, and an answer to another actor's op under the same clock could not be told from its own.
 */
const wayOf = (device: number, { url, body = '' }: SentRequest): string =>
  [device, url, ...(body.match(/"actor":"[^"]+"/g) ?? [])].join(' ');

const isPoke = (text: string): boolean => text.startsWith('event: poke');

const requestOf = (url: URL, init: RequestInit): SentRequest => ({
  method: init.method ?? 'GET',
  url: url.href,
  headers: init.headers as Record<string, string>,
  body: init.body as string | undefined,
});
