/** What a device does about the server's pokes: real engines, a real server, and its stream in our hands. */
import { describe, expect, it } from 'vitest';
import type { Notice, Poke, SpaceId } from '../core/index.ts';
import type { Hear, Ports } from '../sw/engine/ports.ts';
import { uuid, type Device } from './support/device.ts';
import { openLab } from './support/lab.ts';
import { newItem, newList, setTitle } from './support/lists-config.ts';

const lab = openLab();

/** A device whose pokes wait until the test hands them over, and whose requests are counted. */
function listener() {
  const stream: { hear?: Hear; waiting: Poke[]; heard: (() => void)[] } = {
    waiting: [],
    heard: [],
  };
  let streams = 0;
  const counts = { pushes: 0, asked: [] as (() => void)[], answers: Promise.resolve() };
  const around = (ports: Ports): Ports => ({
    ...ports,
    transport: {
      ...ports.transport,
      async push(connection, request) {
        counts.pushes += 1;
        for (const wake of counts.asked.splice(0)) wake();
        const answer = await ports.transport.push(connection, request);
        await counts.answers;
        return answer;
      },
      listen(connection, hear) {
        stream.hear = hear;
        streams += 1;
        const onPoke = (poke: Poke): void => {
          stream.waiting.push(poke);
          for (const wake of stream.heard.splice(0)) wake();
        };
        return ports.transport.listen(connection, { ...hear, onPoke });
      },
    },
  });
  return {
    device: lab.device({ around }),
    counts,
    streams: () => streams,
    /** The next poke of the space that tells of this head or more. */
    async poke(space: SpaceId, head: number): Promise<Poke> {
      for (;;) {
        const found = stream.waiting.find((one) => one.space === space && one.head >= head);
        if (found) return found;
        await new Promise<void>((resolve) => stream.heard.push(resolve));
      }
    },
    hand: (poke: Poke) => stream.hear?.onPoke(poke),
    asked: () => new Promise<void>((resolve) => counts.asked.push(resolve)),
  };
}

function withResolvers() {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}

/** Resolves when the device's pages are told ops of the space up to `seq`. */
const told = (device: Device, space: SpaceId, seq: number): Promise<void> =>
  new Promise((resolve) => {
    const isIt = (notice: Notice): boolean =>
      notice.type === 'applied' && notice.space === space && notice.to >= seq;
    if (device.notices.some(isIt)) return resolve();
    const stop = device.onNotice((notice) => {
      if (!isIt(notice)) return;
      stop();
      resolve();
    });
  });

const poll = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });

/** A writes in a home that B listens to, and has caught up with. */
async function writerAndListener() {
  const token = await lab.nextToken();
  const a = lab.device({ listens: false });
  const b = listener();
  await a.connect(lab.server.url, token);
  await b.device.connect(lab.server.url, token);
  const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
  await poll(b.device);
  await told(b.device, space, 1);
  // What the opening of the stream and the account's own pokes set off is over with this.
  await poll(b.device);
  return { a, b, space };
}

describe('the stream', () => {
  it('[DR24] is opened with the first exchange that succeeds, also where that is one which waits for no retry', async () => {
    const { b } = await writerAndListener();
    b.device.offline = true;
    await b.device.ask({ v: 1, type: 'pause' });
    await b.device.ask({ v: 1, type: 'resume' });
    expect(await b.device.engine.status()).toMatchObject({ phase: 'offline' });
    const before = b.streams();
    b.device.offline = false;
    await b.device.ask({ v: 1, type: 'ring', reason: 'online' });
    expect(await b.device.engine.status()).toMatchObject({ phase: 'idle' });
    expect(b.streams()).toBe(before + 1);
  });
});

describe('pokes', () => {
  it('[DR70] new ops that come next are folded and told without a request', async () => {
    const { a, b, space } = await writerAndListener();
    const before = b.counts.pushes;
    await a.put(space, [setTitle('i1', 'Tarp')]);
    b.hand(await b.poke(space, 2));
    await told(b.device, space, 2);
    expect((await b.device.rows('items')).get('i1')).toMatchObject({ title: 'Tarp' });
    expect(b.counts.pushes).toBe(before);
    const [atA, atB] = await Promise.all([a, b.device].map((one) => one.space(space)));
    expect(atB).toMatchObject({ cursor: 2, digest: atA?.digest, head: 2 });
    // The next exchange finds both at one.
    await poll(b.device);
    expect(await b.device.engine.status()).toMatchObject({
      phase: 'idle',
      behind: 0,
      trouble: null,
    });
  });

  it('[DR70] what is pending here stays on top of them', async () => {
    const { a, b, space } = await writerAndListener();
    b.device.offline = true;
    await b.device.put(space, [setTitle('i1', 'from B')]);
    await a.put(space, [setTitle('i1', 'from A')]);
    b.hand(await b.poke(space, 2));
    await told(b.device, space, 2);
    expect((await b.device.rows('items')).get('i1')).toMatchObject({ title: 'from B' });
    b.device.offline = false;
    await b.device.ask({ v: 1, type: 'sync-now' });
    expect(await b.device.engine.status()).toMatchObject({ pending: 0, setAside: 0 });
    await poll(a);
    expect(await a.rows('items')).toEqual(await b.device.rows('items'));
  });

  it('[DR70] a poke that comes twice, or about what was pulled meanwhile, asks for nothing', async () => {
    const { a, b, space } = await writerAndListener();
    await a.put(space, [setTitle('i1', 'Tarp')]);
    const second = await b.poke(space, 2);
    await poll(b.device);
    const before = b.counts.pushes;
    b.hand(second);
    const { ops: _, before: __, ...hint } = second;
    b.hand(hint);
    b.hand(second);
    await a.put(space, [setTitle('i1', 'Sheet')]);
    // Pokes are taken in one after the other: with this one those before are over.
    b.hand(await b.poke(space, 3));
    await told(b.device, space, 3);
    expect(b.counts.pushes).toBe(before);
  });

  it.each<[string, (poke: Poke) => Poke]>([
    ['has no ops', ({ ops: _, before: __, ...poke }) => poke],
    ['stands on another log', (poke) => ({ ...poke, before: 'f'.repeat(32) })],
    ['does not lead to its digest', (poke) => ({ ...poke, digest: 'f'.repeat(32) })],
    [
      'has other content than its digest says',
      (poke) => ({ ...poke, ops: poke.ops?.map((op) => ({ ...op, payload: '{"do":[]}' })) }),
    ],
    ['is of another epoch', (poke) => ({ ...poke, epoch: 'other' as Poke['epoch'] })],
  ])('[DR71] one that %s is pulled', async (_, changed) => {
    const { a, b, space } = await writerAndListener();
    await a.put(space, [setTitle('i1', 'Tarp')]);
    const asked = b.asked();
    b.hand(changed(await b.poke(space, 2)));
    await asked;
    await told(b.device, space, 2);
    expect((await b.device.rows('items')).get('i1')).toMatchObject({ title: 'Tarp' });
    expect(await b.device.engine.status()).toMatchObject({ trouble: null });
  });

  it('[DR71] the poke of an own op, ahead of the answer, waits for that and asks for nothing', async () => {
    const { b, space } = await writerAndListener();
    const before = b.counts.pushes;
    const answer = withResolvers();
    b.counts.answers = answer.promise;
    const written = b.device.put(space, [setTitle('i1', 'Tarp')]);
    b.hand(await b.poke(space, 2));
    answer.resolve();
    await written;
    await b.device.put(space, [setTitle('i1', 'Sheet')]);
    expect(b.counts.pushes).toBe(before + 2);
    const outcomes = b.device.notices.flatMap((n) => (n.type === 'outcomes' ? n.outcomes : []));
    expect(outcomes).toHaveLength(2);
  });

  it('[AB41] [DR70] a list that a poke brings is asked about at once', async () => {
    const { a, b, space } = await writerAndListener();
    const list = uuid() as SpaceId;
    await a.put(list, [newItem('i2', 'Rope')]);
    await a.put(space, [newList(list, 'Camp')]);
    b.hand(await b.poke(space, 2));
    await told(b.device, list, 1);
    expect([...(await b.device.rows('items', list)).keys()]).toEqual(['i2']);
  });
});
