import { describe, expect, it } from 'vitest';
import type { Connection, Hear, Listening, Ports, Session } from './ports.ts';
import { createEar } from './listen.ts';

/** An ear on a transport that only counts, with a clock and a session that the test sets. */
function earOn(session: Partial<Session> = {}) {
  const streams: { hear: Hear; stopped: boolean; end: () => void; token: string }[] = [];
  const world = {
    now: 1_000,
    session: { connection: connection('one'), ...session } as Session,
    news: 0,
    lost: 0,
  };
  const ports = {
    clock: { now: () => world.now },
    session: { load: async () => world.session },
    transport: {
      listen({ token }: Connection, hear: Hear): Listening {
        let end = () => {};
        const ended = new Promise<void>((resolve) => (end = resolve));
        const stream = { hear, stopped: false, end, token };
        streams.push(stream);
        return { ended, stop: () => void (stream.stopped = true) };
      },
    },
  } as unknown as Ports;
  const ear = createEar(ports, {
    onOpen: () => world.news++,
    onLost: () => world.lost++,
    onPoke: () => world.news++,
  });
  return { ear, streams, world };
}

const connection = (token: string) => ({ url: 'http://localhost', token }) as Connection;

describe('the ear', () => {
  it('[DR24] rings that come together open one stream', async () => {
    const { ear, streams } = earOn();
    await Promise.all([ear.keepOpen(), ear.keepOpen(), ear.keepOpen()]);
    await ear.keepOpen();
    expect(streams).toHaveLength(1);
  });

  it('[DR24] a stream that was lost is opened again at the next ring', async () => {
    const { ear, streams } = earOn();
    await ear.keepOpen();
    streams[0]?.end();
    await Promise.resolve();
    await ear.keepOpen();
    expect(streams).toHaveLength(2);
  });

  it.each([
    { what: 'that ends after a while is told of', after: 20_000, rings: true, lost: 1 },
    { what: 'that ends at once is not, or it would be opened without end', after: 500, lost: 0 },
    { what: 'that nobody rings for any more is not', after: 60_000, lost: 0 },
  ])('[DR24] a stream $what', async ({ after, rings = false, lost }) => {
    const { ear, streams, world } = earOn();
    await ear.keepOpen();
    world.now += after;
    if (rings) await ear.keepOpen();
    streams[0]?.end();
    await new Promise((done) => setImmediate(done));
    expect(world.lost).toBe(lost);
  });

  it('[DR24] a stream that is closed here is not told of', async () => {
    const { ear, streams, world } = earOn();
    await ear.keepOpen();
    world.now += 20_000;
    await ear.keepOpen();
    ear.close();
    streams[0]?.end();
    await new Promise((done) => setImmediate(done));
    expect(world.lost).toBe(0);
  });

  it('[DR24] a token that changes while the stream is being opened does not leave one with the old', async () => {
    const { ear, streams, world } = earOn();
    const opening = ear.keepOpen();
    world.session = { ...world.session, connection: connection('two') };
    ear.close();
    await opening;
    await ear.keepOpen();
    expect(streams.map(({ token, stopped }) => [token, stopped])).toEqual([['two', false]]);
  });

  it('[DR24] with no page ringing any more, the next sign of life of the stream ends it', async () => {
    const { ear, streams, world } = earOn();
    await ear.keepOpen();
    world.now += 30_000;
    streams[0]?.hear.onSign();
    expect(streams[0]?.stopped).toBe(false);
    world.now += 30_000;
    streams[0]?.hear.onSign();
    expect(streams[0]?.stopped).toBe(true);
  });

  it('[DR21] [DR24] a clock that is set back does not keep a stream open that nobody rings for', async () => {
    const { ear, streams, world } = earOn();
    await ear.keepOpen();
    world.now -= 3_600_000;
    streams[0]?.hear.onSign();
    expect(streams[0]?.stopped).toBe(true);
  });

  it('[DR24] nothing is opened while paused, without a connection, or with a refused token', async () => {
    for (const held of [{ paused: true }, { authFailed: true }, { connection: undefined }]) {
      const { ear, streams } = earOn(held as Partial<Session>);
      await ear.keepOpen();
      expect(streams).toEqual([]);
    }
  });
});
