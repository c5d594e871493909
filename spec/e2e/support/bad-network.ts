/**
 * A network that goes wrong on command. It stands between a browser and a server, passes everything
 * on, and does to single pushes what networks do: a fault that is ordered catches the next push that
 * carries ops. Each push that reaches the server is noted, so that no test passes for want of a fault.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse, PushRequestSchema, type PushRequest } from '../../../core/index.ts';
import { createOrder, type Fault, type Order, type Strike } from './faults.ts';
import * as relay from './relay.ts';

/** A push that the server has received whole, and its answer. */
export interface Delivery {
  readonly ops: readonly string[];
  readonly status: number;
  /** Late: after a later one was answered. */
  readonly when: 'in time' | 'late';
}

export interface BadNetwork {
  /** The origin to open the app from. */
  readonly url: string;
  readonly deliveries: readonly Delivery[];
  /** How many pushes were on their way at one time, at most: received here, and not at their end yet. */
  readonly mostPushesAtOnce: number;
  /** Requests that are still to arrive late. */
  readonly stillToArrive: number;
  /** While true nothing passes: every connection is reset. */
  isDown: boolean;
  /** Orders a fault; each catches one push, in the order of ordering. */
  strike(fault: Fault): Strike;
  /** Holds back every request of this path; the returned function lets it through, from then on too. */
  holdBack(path: string): () => void;
  close(): Promise<void>;
}

export interface BadNetworkOptions {
  /**
   * Whether connections are kept for more requests. A browser itself sends a request again when a
   * kept connection is reset under it; without them every fault reaches the worker.
   */
  readonly keepsConnections?: boolean;
  /** Whether the stream of pokes passes; without it a device knows only what it was answered. */
  readonly hasPokes?: boolean;
}

interface Push extends relay.Asked {
  readonly device: string;
  readonly ops: readonly string[];
}

export async function openBadNetwork(
  serverUrl: string,
  { keepsConnections = false, hasPokes = true }: BadNetworkOptions = {},
): Promise<BadNetwork> {
  const server = new URL(serverUrl);
  const ordered: Order[] = [];
  const late: { readonly push: Push; isOnItsWay: boolean }[] = [];
  const deliveries: Delivery[] = [];
  const heldBack = new Map<string, Promise<void>>();
  let pushesNow = 0;
  let mostPushesAtOnce = 0;

  function count({ outgoing }: relay.Exchange): void {
    pushesNow += 1;
    mostPushesAtOnce = Math.max(mostPushesAtOnce, pushesNow);
    // Answered, or the browser is gone.
    outgoing.once('close', () => (pushesNow -= 1));
  }

  async function deliver(push: Push): Promise<relay.Answered> {
    const answered = await relay.sendOn(server, push);
    deliveries.push({ ops: push.ops, status: answered.status, when: 'in time' });
    for (const one of late.filter((one) => one.push.device === push.device && !one.isOnItsWay)) {
      one.isOnItsWay = true;
      const { status } = await relay.sendOn(server, one.push);
      deliveries.push({ ops: one.push.ops, status, when: 'late' });
      late.splice(late.indexOf(one), 1);
    }
    return answered;
  }

  /** Waits for `held` where the push is held. */
  async function befall(
    fault: Fault,
    push: Push,
    exchange: relay.Exchange,
    held: () => Promise<void>,
  ): Promise<void> {
    switch (fault) {
      case 'answer-lost':
        await deliver(push);
        await held();
        return relay.reset(exchange);
      case 'answer-cut': {
        const answered = await deliver(push);
        await held();
        return relay.answerHalf(exchange, answered);
      }
      case 'answer-late': {
        const answered = await deliver(push);
        await held();
        return relay.answer(exchange, answered);
      }
      case 'request-cut':
        await relay.sendHalf(server, push);
        await held();
        return relay.reset(exchange);
      case 'request-doubled': {
        const [, second] = await Promise.all([deliver(push), deliver(push)]);
        await held();
        return relay.answer(exchange, second);
      }
      case 'request-repeated': {
        const answered = await deliver(push);
        await held();
        late.push({ push, isOnItsWay: false });
        return relay.answer(exchange, answered);
      }
      case 'request-overtaken':
        await held();
        late.push({ push, isOnItsWay: false });
        return relay.reset(exchange);
      case 'portal':
        await held();
        return relay.answer(exchange, PORTAL);
    }
  }

  async function handle(exchange: relay.Exchange): Promise<void> {
    const { method, url = '' } = exchange.incoming;
    await heldBack.get(url);
    if (network.isDown) return relay.reset(exchange);
    if (!keepsConnections) exchange.outgoing.shouldKeepAlive = false;
    if (url === '/sync/events' && !hasPokes) return relay.answer(exchange, REFUSED);
    if (method !== 'POST' || url !== '/sync/push') return relay.passThrough(server, exchange);
    count(exchange);
    const push = asPush(await relay.readAsked(exchange));
    const order = push.ops.length > 0 ? ordered.shift() : undefined;
    if (!order) return relay.answer(exchange, await deliver(push));
    await order.carryOut(push.ops, (held) => befall(order.strike.fault, push, exchange, held));
  }

  const proxy = createServer((incoming, outgoing) => {
    // A browser or a server that is gone has nobody waiting at the other end.
    handle({ incoming, outgoing }).catch(() => outgoing.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');

  const network: BadNetwork = {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    deliveries,
    get mostPushesAtOnce() {
      return mostPushesAtOnce;
    },
    isDown: false,
    get stillToArrive() {
      return late.length;
    },
    strike(fault) {
      const order = createOrder(fault);
      ordered.push(order);
      return order.strike;
    },
    holdBack(path) {
      let letThrough: (() => void) | undefined;
      heldBack.set(path, new Promise((resolve) => (letThrough = resolve)));
      return () => letThrough?.();
    },
    async close() {
      const closed = once(proxy, 'close');
      proxy.close();
      proxy.closeAllConnections();
      await closed;
    },
  };
  return network;
}

function asPush(asked: relay.Asked): Push {
  const parsed = parse(PushRequestSchema, JSON.parse(asked.body.toString('utf8')));
  if (!parsed.ok) throw new Error(`not a push: ${parsed.path} ${parsed.fault}`);
  return { ...asked, device: parsed.value.device ?? '', ops: opsOf(parsed.value) };
}

const opsOf = ({ spaces }: PushRequest): string[] =>
  Object.entries(spaces).flatMap(([space, request]) =>
    (request?.ops ?? []).map(({ clock }) => `${space} ${request?.actor} ${clock}`),
  );

const page = (status: number, title: string): relay.Answered => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: Buffer.from(`<!doctype html><title>${title}</title><h1>${title}</h1>`),
});

const PORTAL = page(200, 'Welcome to the hotel’s network');
const REFUSED = page(503, 'Not from here');
