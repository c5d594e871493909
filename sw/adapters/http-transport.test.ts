import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asEpoch, asSeq, type AccountAnswer, type SpaceId } from '../../core/index.ts';
import { log, make, op, opOf } from '../../spec/support/ops.ts';
import { SPACE, snapshotOf, textOf } from '../../spec/support/snapshots.ts';
import { canonicalWorld } from '../../spec/support/world.ts';
import { fetchSnapshot } from '../engine/fetch-snapshot.ts';
import type { ReplicaStore } from '../engine/ports.ts';
import { createHttpTransport, type HttpTransportOptions } from './http-transport.ts';

const SOURCE = snapshotOf(
  log(op('A:1', make('Zelt ⛺', { title: 'Zelt für 2 ⛺', note: 'ö' })), opOf('B:1', '{}')),
);
const BYTES = new TextEncoder().encode(textOf(SOURCE));
const account = {} as AccountAnswer;
/** Nothing was kept of a text before, and nothing is. */
const store = { read: async () => [], write: async () => undefined } as unknown as ReplicaStore;

function bootstrap(options: HttpTransportOptions, url = 'http://server', space: SpaceId = SPACE) {
  const transport = createHttpTransport(options);
  const to = { url, token: 'off_1', account };
  return fetchSnapshot({ transport, store }, to, space, async () => {});
}

const answering = (chunks: readonly Uint8Array[]): HttpTransportOptions => ({
  fetch: async () => new Response(bodyOf(chunks)),
});

function bodyOf(chunks: readonly Uint8Array[], onPull = () => {}) {
  let i = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        onPull();
        const chunk = chunks[i++];
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
    },
    // Nothing is made before it is asked for.
    { highWaterMark: 0 },
  );
}

const TOO_OLD = { ok: false, failure: { kind: 'refused', code: 'client_too_old' } };
const NOT_OURS = { ok: false, failure: { kind: 'network', why: 'not-ours' } };

describe('a bootstrap', () => {
  it('[WI40] with state of a version that is not known is nothing for this one, and not at fault', async () => {
    const text = textOf(SOURCE).replace('{', '{"v":99,');
    const bytes = new TextEncoder().encode(text);
    expect(await bootstrap(answering([bytes]))).toEqual(TOO_OLD);
    const header = bytes.slice(0, bytes.indexOf(10) + 1);
    expect(await bootstrap(answering([header]))).toEqual(TOO_OLD);
  });

  it('[WI32] is the same snapshot wherever its bytes are cut', async () => {
    for (let cut = 0; cut <= BYTES.length; cut++) {
      const got = await bootstrap(answering([BYTES.slice(0, cut), BYTES.slice(cut)]));
      if (!got.ok) throw new Error(`cut at ${cut}: ${JSON.stringify(got.failure)}`);
      expect(canonicalWorld(got.value)).toBe(canonicalWorld(SOURCE));
    }
    const got = await bootstrap(answering(Array.from(BYTES, (byte) => Uint8Array.of(byte))));
    expect(got).toMatchObject({ ok: true, value: { header: SOURCE.header } });
  });

  it('[WI32] that ends too early counts as no network, wherever it ends', async () => {
    for (let cut = 0; cut < BYTES.length; cut++) {
      const got = await bootstrap(answering([BYTES.slice(0, cut)]));
      expect(got, `cut at ${cut}`).toMatchObject({ ok: false, failure: { kind: 'network' } });
    }
  });

  it('[WI32] of another space, or of bytes that are no UTF-8, counts as no network', async () => {
    const other = SPACE.replace(/.$/, '1') as SpaceId;
    expect(await bootstrap(answering([BYTES]), undefined, other)).toEqual(NOT_OURS);
    const at = BYTES.indexOf(0xc3);
    expect(await bootstrap(answering([BYTES.with(at, 0xff)]))).toMatchObject({
      ok: false,
      failure: { kind: 'network' },
    });
  });

  it('[DR7] [WI32] that is the page of something on the way counts as no network, and is not read on', async () => {
    let cancelled = false;
    const page = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('<html>\n')),
      cancel: () => void (cancelled = true),
    });
    expect(await bootstrap({ fetch: async () => new Response(page) })).toEqual(NOT_OURS);
    expect(cancelled).toBe(true);
    expect(await bootstrap({ fetch: async () => new Response(null) })).toEqual(NOT_OURS);
  });
});

describe('the deadline of a bootstrap', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  it('[WI32] is put off by each part that comes', async () => {
    const chunks = Array.from(BYTES, (byte) => Uint8Array.of(byte));
    const body = bodyOf(chunks, () => void vi.advanceTimersByTime(29_999));
    let signal: AbortSignal | null | undefined;
    const got = await bootstrap({
      fetch: async (_, init) => {
        signal = init.signal;
        return new Response(body);
      },
    });
    expect(got).toMatchObject({ ok: true });
    expect(signal?.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('[WI32] does not run while what came is taken in', async () => {
    let signal: AbortSignal | null | undefined;
    const transport = createHttpTransport({
      fetch: async (_, init) => {
        signal = init.signal;
        return new Response(bodyOf([BYTES, BYTES]));
      },
    });
    const take = async () => {
      vi.advanceTimersByTime(120_000);
      return true;
    };
    const connection = { url: 'http://server', token: 'off_1', account };
    expect(await transport.bootstrap(connection, SPACE, { take })).toMatchObject({ ok: true });
    expect(signal?.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the rest of a bootstrap', () => {
  it('[WI61] is asked for by its snapshot and byte', async () => {
    const asked: string[] = [];
    const transport = createHttpTransport({
      fetch: async (url) => {
        asked.push(url.search);
        return new Response('');
      },
    });
    const from = { epoch: asEpoch('e 1'), seq: asSeq(7), offset: 42 };
    const take = async () => true;
    const connection = { url: 'http://server', token: 'off_1', account };
    expect(await transport.bootstrap(connection, SPACE, { from, take })).toMatchObject({
      ok: true,
    });
    expect(asked).toEqual(['?epoch=e+1&seq=7&offset=42']);
  });
});

describe('a bootstrap over a connection', () => {
  let url = '';
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const server = createServer((request, response) => handle(request, response));

  beforeEach(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('[WI32] asks for the space with token and version', async () => {
    const asked: unknown[] = [];
    handle = ({ url: path, headers }, response) => {
      asked.push([path, headers.authorization, headers['offing-protocol']]);
      response.end(BYTES);
    };
    expect(await bootstrap({}, url)).toMatchObject({ ok: true });
    expect(asked).toEqual([[`/sync/bootstrap/${SPACE}`, 'Bearer off_1', '1']]);
  });

  it('[WI32] that breaks off counts as no network', async () => {
    handle = (_, response) => {
      response.write(BYTES.subarray(0, BYTES.length / 2), () => response.destroy());
    };
    expect(await bootstrap({}, url)).toEqual({
      ok: false,
      failure: { kind: 'network', why: 'unreachable' },
    });
  });

  it('[WI32] that does not get on is given up', async () => {
    handle = (_, response) => void response.write(BYTES.subarray(0, BYTES.length / 2));
    expect(await bootstrap({ timeoutMs: 50 }, url)).toEqual({
      ok: false,
      failure: { kind: 'network', why: 'timeout' },
    });
  });

  it('[WI32] that is refused says by which code', async () => {
    handle = (_, response) => {
      response.writeHead(404, { 'Content-Type': 'application/problem+json' });
      response.end(JSON.stringify({ code: 'no_such_space', status: 404 }));
    };
    expect(await bootstrap({}, url)).toEqual({
      ok: false,
      failure: { kind: 'refused', code: 'no_such_space' },
    });
  });
});
