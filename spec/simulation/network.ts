/**
 * The network between devices and the server: each request and each reply is a message of its own, in
 * the air until it is delivered, and can be lost, late, repeated, cut or answered by something else.
 */
import type { Fetch } from '../../sw/adapters/http-transport.ts';
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
}
export type Message = RequestMessage | ReplyMessage;

interface Waiter {
  answer(reply: SentReply | 'lost'): void;
}

export type LinkFault = Extract<
  FaultPoint,
  | 'request-dropped'
  | 'request-delayed'
  | 'request-repeated'
  | 'reply-dropped'
  | 'reply-delayed'
  | 'reply-cut'
  | 'reply-portal'
  | 'rate-limited'
  | 'token-expired'
>;

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
  readonly #happened: (point: FaultPoint) => void;
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

  /** What a device's transport sends its requests with. */
  fetchOf(device: number): Fetch {
    return (url, init) =>
      new Promise((resolve, reject) => {
        let isOver = false;
        const waiter: Waiter = {
          answer(reply) {
            if (isOver) return;
            isOver = true;
            if (reply === 'lost') reject(new TypeError('network'));
            else resolve(new Response(reply.body, reply));
          },
        };
        init.signal?.addEventListener('abort', () => {
          if (isOver) return;
          isOver = true;
          reject(init.signal?.reason as Error);
        });
        this.#send(device, requestOf(url, init), waiter);
      });
  }

  #send(device: number, request: SentRequest, waiter: Waiter): void {
    const fault = this.#take(device, 'request');
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
    const fault = this.#take(device, 'reply');
    switch (fault) {
      case undefined:
        return this.reply(device, reply, waiter);
      case 'reply-dropped':
        return this.reply(device, 'lost', waiter);
      case 'reply-delayed':
        return this.reply(device, reply, waiter, true);
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

  reply(device: number, reply: SentReply | 'lost', waiter: Waiter | undefined, held = false): void {
    this.air.push({ kind: 'reply', id: ++this.#ids, device, held, reply, waiter });
  }

  /** The next message that may be delivered, taken out of the air; `pick` chooses among them. */
  next(pick: (count: number) => number): Message | undefined {
    const ready = this.air.filter(({ held }) => !held);
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

  #land(message: Message): void {
    this.air.splice(this.air.indexOf(message), 1);
    const link = `${message.kind} ${message.device}`;
    const before = this.#landed.get(link) ?? 0;
    if (message.id < before) this.#happened(`${message.kind}-reordered`);
    this.#landed.set(link, Math.max(before, message.id));
  }

  #take(device: number, side: 'request' | 'reply'): LinkFault | undefined {
    const armed = this.#armed.get(device) ?? [];
    const fault = armed.find((one) => isOfReply(one) === (side === 'reply'));
    if (!fault) return undefined;
    armed.splice(armed.indexOf(fault), 1);
    this.#happened(fault);
    return fault;
  }
}

const isOfReply = (fault: LinkFault): boolean => fault.startsWith('reply');

const requestOf = (url: URL, init: RequestInit): SentRequest => ({
  method: init.method ?? 'GET',
  url: url.href,
  headers: init.headers as Record<string, string>,
  body: init.body as string | undefined,
});
