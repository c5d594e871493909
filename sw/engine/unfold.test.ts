import { IDBFactory } from 'fake-indexeddb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type {
  HostReply,
  OpRequest,
  OutboxRow,
  ParsedPageRequest,
  SpaceId,
} from '../../core/index.ts';
import { createDevice, uuid, type Device } from '../../spec/support/device.ts';
import { faultyDisk } from '../../spec/support/faulty-disk.ts';
import { listsConfig as config } from '../../spec/support/lists-config.ts';
import { faultsOf, readReplica } from '../../spec/support/replica-check.ts';
import type { Handled } from './create-engine.ts';
import type { Meta, Ports } from './ports.ts';

const AHEAD_SIZES = { fewest: 4, atOnce: 3, waiting: 4 };

const open: Device[] = [];
function device(options: Partial<Parameters<typeof createDevice>[0]> = {}): Device {
  const around = (ports: Ports) => ({ ...ports, aheadSizes: AHEAD_SIZES });
  const made = createDevice({ config, around, ...options });
  open.push(made);
  return made;
}
afterEach(() => open.splice(0).forEach((one) => one.close()));

const IDS = ['i1', 'i2', 'i3', 'i4', 'i5', 'i6', 'i7', 'i8'];
const OTHER = uuid() as SpaceId;
const putOf = (id: string, more: object, collection = 'items') => ({
  do: [{ kind: 'put' as const, collection, id, fields: { title: id }, ...more }],
});
const news = (id: string, space?: SpaceId): OpRequest => ({
  ...(space && { space }),
  ...putOf(id, { new: true }),
});
const asked = (ops: OpRequest[], ahead = true): ParsedPageRequest =>
  ({ v: 1, type: 'write', ops, seen: {}, rebuilt: {}, instead: [], ahead }) as ParsedPageRequest;

const unfoldingOf = async (of: Device): Promise<Meta['unfolding']> =>
  ((await of.table('_meta').get('meta')) as Meta).unfolding;
const outboxOf = async (of: Device): Promise<OutboxRow[]> => of.table('_outbox').toArray();
const textsOf = async (of: Device): Promise<object> => ({
  texts: (await outboxOf(of)).flatMap(({ payloads }) => payloads.map(withoutMark)),
});
const withoutMark = (payload: string): string => payload.replace(/,"mark":"[^"]*"/, '');
const faultsIn = async (of: Device): Promise<string[]> =>
  faultsOf(await readReplica(of, ['lists', 'items']), new Map());

const first = (count: number) => (nth: number) => nth <= count;

/** Keeps the transactions from beginning that may not pass, as they are counted. */
function gated(mayPass: (nth: number) => boolean) {
  let nth = 0;
  let release = (): void => {};
  const released = new Promise<void>((done) => (release = done));
  const around = (ports: Ports): Ports => ({
    ...ports,
    aheadSizes: AHEAD_SIZES,
    store: {
      ...ports.store,
      read: (work) => ports.store.read(work),
      remove: () => ports.store.remove(),
      async write(work) {
        if (!mayPass(++nth)) await released;
        return ports.store.write(work);
      },
    },
  });
  return { around, release };
}

describe('a bulk of new records', () => {
  it('[AC60] is durable in the outbox before its records are in the view, and these follow', async () => {
    const gate = gated(first(1));
    const a = device({ around: gate.around });
    const { reply, afterwards } = await a.engine.handle(asked(IDS.map((id) => news(id))));
    expect(reply).toMatchObject({ type: 'accepted', ahead: true });
    expect(reply.type === 'accepted' && reply.receipts.map(({ index }) => index)).toEqual([
      0, 1, 2, 0, 1, 2, 0, 1,
    ]);
    expect((await outboxOf(a)).map(({ payloads }) => payloads.length)).toEqual([3, 3, 2]);
    expect((await a.rows('items')).size).toBe(0);
    expect(await faultsIn(a)).toEqual([]);
    gate.release();
    await afterwards;
    expect([...(await a.rows('items')).keys()]).toEqual(IDS);
    expect(await unfoldingOf(a)).toBeUndefined();
    expect(await a.engine.status()).toMatchObject({ pending: 8 });
    expect(await faultsIn(a)).toEqual([]);
  });

  it.each([1, 2, 3])(
    '[AC60] [AC2] goes on where its host was killed after %i transactions',
    async (count) => {
      const indexedDB = new IDBFactory();
      const a = device({ around: gated(first(count)).around, indexedDB });
      await a.engine.handle(asked(IDS.map((id) => news(id))));
      await new Promise((done) => setTimeout(done, 20));
      const b = device({ indexedDB, session: a.session });
      await b.ask({ v: 1, type: 'unfold' });
      expect([...(await b.rows('items')).keys()]).toEqual(IDS);
      expect(await faultsIn(b)).toEqual([]);
    },
  );

  it('[AC60] [AC3] what is written behind it finds its records there', async () => {
    const a = device();
    await a.engine.handle(asked(IDS.map((id) => news(id))));
    await a.put(undefined, putOf('i8', { fields: { title: 'later' } }).do);
    expect((await a.rows('items')).get('i8')).toMatchObject({ title: 'later' });
    expect(await faultsIn(a)).toEqual([]);
  });

  it.each([
    ['an edit is in it', [...IDS.slice(1).map((id) => news(id)), putOf('i1', {})]],
    ['its records are of several spaces', IDS.map((id, i) => news(id, i > 3 ? OTHER : undefined))],
    ['it names other spaces', [...IDS.map((id) => news(id)), putOf(OTHER, { new: true }, 'lists')]],
    ['there are few', IDS.slice(0, 3).map((id) => news(id))],
  ])('[AC60] is there at once where %s', async (_, ops) => {
    const a = device();
    await a.write([news('i1')]);
    const { reply } = await a.engine.handle(asked(ops));
    expect(reply).not.toHaveProperty('ahead');
    expect((await a.rows('items')).get('i3')).toMatchObject({ title: 'i3' });
  });

  it.each([0, 3])(
    '[AC60] [AC31] brings back what is on its way elsewhere as any other write does, as its op %i',
    async (place) => {
      const count = {
        kind: 'increment' as const,
        collection: 'items',
        id: 'i1',
        field: 'count',
        by: 3,
      };
      const counted = { do: [...news('i1').do, count] };
      const shown = [true, false].map(async (ahead) => {
        const a = device();
        const { space } = await a.put(undefined, counted.do);
        const gone = { space, do: [{ kind: 'delete' as const, collection: 'items', id: 'i1' }] };
        await a.write([{ ...counted, space: OTHER }, gone]);
        const back = IDS.slice(1).map((id) => news(id, space));
        back.splice(place, 0, { ...counted, space });
        const { reply, afterwards } = await a.engine.handle(asked(back, ahead));
        await afterwards;
        expect('ahead' in reply).toBe(ahead);
        expect(await faultsIn(a)).toEqual([]);
        return {
          count: (await a.rows('items', space)).get('i1')?.['count'],
          ...(await textsOf(a)),
        };
      });
      const [one, other] = await Promise.all(shown);
      expect(one?.count).toBe(3);
      expect(one).toEqual(other);
    },
  );

  it.each([
    ['is stored already', async (a: Device) => void (await a.write([news('i4')]))],
    [
      'was deleted',
      async (a: Device) => {
        const { space } = await a.put(undefined, news('i4').do);
        const gone = { kind: 'delete' as const, collection: 'items', id: 'i4' };
        await a.write([{ space, do: [gone] }]);
      },
    ],
    ['is made twice', async () => undefined],
  ])(
    '[AC60] comes to the same as any other write where one of its records %s',
    async (_, before) => {
      const ops = IDS.map((id) => news(id));
      ops.splice(1, 0, { do: [{ ...news('i4').do[0], fields: { title: 'first' } }] } as OpRequest);
      const came = [true, false].map(async (ahead) => {
        const a = device();
        await before(a);
        const { reply, afterwards } = await a.engine.handle(asked(ops, ahead));
        await afterwards;
        expect('ahead' in reply).toBe(ahead);
        expect(await faultsIn(a)).toEqual([]);
        const rows = [...(await a.rows('items')).values()];
        return { titles: rows.map(({ title }) => title), ...(await textsOf(a)) };
      });
      const [one, other] = await Promise.all(came);
      expect(one).toEqual(other);
    },
  );

  it('[AC60] [AC3] keeps both ops of a record that is made again in the next row, wherever it is in the first', async () => {
    const around = (ports: Ports) => ({ ...ports, aheadSizes: { ...AHEAD_SIZES, atOnce: 200 } });
    const a = device({ around });
    const ids = Array.from({ length: 400 }, (_, i) => (i % 200 === 190 ? 'again' : `n${i}`));
    const { afterwards } = await a.engine.handle(asked(ids.map((id) => news(id))));
    await afterwards;
    expect((await a.rows('items')).size).toBe(399);
    expect(await faultsIn(a)).toEqual([]);
  });

  it('[AC60] [AC3] goes on behind another context that has unfolded the rest and written on it', async () => {
    const indexedDB = new IDBFactory();
    // Its first records have followed, and the row behind them was read with these.
    const gate = gated(first(2));
    const a = device({ around: gate.around, indexedDB });
    const { afterwards } = await a.engine.handle(asked(IDS.map((id) => news(id))));
    await vi.waitFor(async () => expect((await a.rows('items')).size).toBe(3));
    const b = device({ indexedDB, session: a.session });
    await b.put(undefined, putOf('i4', { fields: { title: 'later' } }).do);
    gate.release();
    await afterwards;
    expect((await a.rows('items')).get('i4')).toMatchObject({ title: 'later' });
    expect((await a.rows('items')).size).toBe(8);
    expect(await faultsIn(a)).toEqual([]);
  });

  it('[AC60] [AC30] waits where there is no room for its records, and loses none of them', async () => {
    const disk = faultyDisk();
    const a = device({ indexedDB: disk.indexedDB });
    await a.write([news('i0')]);
    const { reply, afterwards } = await a.engine.handle(asked(IDS.map((id) => news(id))));
    disk.room = 0;
    await afterwards;
    expect(reply).toMatchObject({ type: 'accepted', ahead: true });
    expect(await a.engine.status()).toMatchObject({ pending: 9, phase: 'storage-failed' });
    expect((await a.ask({ v: 1, type: 'unfold' })).type).toBe('error');
    disk.room = Infinity;
    expect((await a.ask({ v: 1, type: 'unfold' })).type).toBe('ok');
    expect([...(await a.rows('items')).keys()]).toEqual(['i0', ...IDS]);
    expect(await faultsIn(a)).toEqual([]);
  });
});

/** Waits for all that they set off. */
async function over(handled: readonly Handled[]): Promise<void> {
  for (const { afterwards } of handled) await afterwards;
}

/** Each op a write of its own, and all asked for at once; what each was told. */
async function askedAtOnce(of: Device, ops: readonly OpRequest[]): Promise<HostReply[]> {
  const handled = await Promise.all(ops.map((op) => of.engine.handle(asked([op]))));
  await over(handled);
  return handled.map(({ reply }) => reply);
}
const wordOf = (reply: HostReply): string => {
  if (reply.type === 'error') return reply.code;
  return 'ahead' in reply ? 'ahead' : reply.type;
};
const titlesIn = async (of: Device): Promise<unknown[]> =>
  [...(await of.rows('items')).values()].map(({ title }) => title);

/** Tells after each transaction what there is then. */
function watched(around: (ports: Ports) => Ports, of: () => Device) {
  const standings: (readonly [ops: number, records: number])[] = [];
  const watching = (given: Ports): Ports => {
    const ports = around(given);
    return {
      ...ports,
      store: {
        read: (work) => ports.store.read(work),
        remove: () => ports.store.remove(),
        async write(work) {
          const worked = await ports.store.write(work);
          const ops = (await outboxOf(of())).flatMap(({ payloads }) => payloads);
          standings.push([ops.length, (await of().rows('items')).size]);
          return worked;
        },
      },
    };
  };
  return { around: watching, standings };
}

describe('many new records, each a write of its own', () => {
  it('[AC60] [AC41] asked for at once go ahead of their records in shared rows, and each knows its place', async () => {
    const gate = gated(first(1));
    const a = device({ around: gate.around });
    const handled = await Promise.all(IDS.map((id) => a.engine.handle(asked([news(id)]))));
    const receipts = handled.map(({ reply }) => reply.type === 'accepted' && reply.receipts[0]);
    const rows = await outboxOf(a);
    expect(handled.map(({ reply }) => wordOf(reply))).toEqual(IDS.map(() => 'ahead'));
    expect(receipts).toMatchObject(
      rows.flatMap(({ row, payloads }) => payloads.map((_, index) => ({ row, index }))),
    );
    expect(rows.map(({ payloads }) => payloads.length)).toEqual([3, 3, 2]);
    expect(await a.engine.status()).toMatchObject({ pending: 8 });
    expect((await a.rows('items')).size).toBe(0);
    gate.release();
    await over(handled);
    expect(await titlesIn(a)).toEqual(IDS);
    expect(await unfoldingOf(a)).toBeUndefined();
    expect(await faultsIn(a)).toEqual([]);
  });

  it('[AC60] [AC3] keep their order with an edit among them, which is of a record that went ahead', async () => {
    const a = device();
    const edit = putOf('i5', { fields: { title: 'edited' } });
    const ops = [...IDS.slice(0, 5).map((id) => news(id)), edit, news('i6'), news('i7')];
    const replies = await askedAtOnce(a, ops);
    expect(replies.map(wordOf)).toEqual([
      ...IDS.slice(0, 5).map(() => 'ahead'),
      'accepted',
      'accepted',
      'accepted',
    ]);
    expect(await titlesIn(a)).toEqual(['i1', 'i2', 'i3', 'i4', 'edited', 'i6', 'i7']);
    expect(await a.engine.status()).toMatchObject({ pending: 8 });
    expect(await faultsIn(a)).toEqual([]);
  });

  it('[AC60] [AC3] are refused as one where their space is, and what is of another is not', async () => {
    const a = device();
    await a.write([news('i0', OTHER)]);
    await a.store.write(async (tx) => {
      const row = await tx.space(OTHER);
      if (row) await tx.putSpaces([{ ...row, access: 'read' }]);
    });
    const there = IDS.slice(0, 5).map((id) => news(id, OTHER));
    const replies = await askedAtOnce(a, [...there, news('i6'), news('i7')]);
    expect(replies.map(wordOf)).toEqual([...there.map(() => 'forbidden'), 'accepted', 'accepted']);
    expect(await a.engine.status()).toMatchObject({ pending: 3 });
    expect(await faultsIn(a)).toEqual([]);
  });

  it('[AC60] go ahead beside others whose records are to follow, and wait where many of these are left', async () => {
    const gate = gated((nth) => nth === 1 || nth === 3);
    const a = device({ around: gate.around });
    const eight = (from: string) => asked(IDS.map((id) => news(`${from}${id}`)));
    // In between the records of the first would follow.
    const before = [await a.engine.handle(eight('a')), await a.engine.handle(eight('b'))];
    expect(await unfoldingOf(a)).toHaveLength(6);
    expect((await a.rows('items')).size).toBe(0);
    const third = a.engine.handle(eight('c'));
    gate.release();
    expect(wordOf((await third).reply)).toBe('ahead');
    // Two of the six rows that were left, so that four are.
    expect([...(await a.rows('items')).keys()].slice(0, 6)).toEqual(
      IDS.slice(0, 6).map((id) => `a${id}`),
    );
    await over([...before, await third]);
    expect((await a.rows('items')).size).toBe(24);
    expect(await unfoldingOf(a)).toBeUndefined();
    expect(await faultsIn(a)).toEqual([]);
  });

  it('[AC60] are all durable before the records of the first follow, if they were asked for by then', async () => {
    const aheadSizes = { ...AHEAD_SIZES, waiting: 9 };
    const { around, standings } = watched(
      (ports) => ({ ...ports, aheadSizes }),
      () => a,
    );
    const a = device({ around });
    // In turns of two spaces, so that each has a commit of its own.
    const bulks = ['a', 'b', 'c'].map((from, i) =>
      IDS.map((id) => news(`${from}${id}`, i === 1 ? OTHER : undefined)),
    );
    const handled = await Promise.all(bulks.map((ops) => a.engine.handle(asked(ops))));
    await over(handled);
    expect(handled.map(({ reply }) => wordOf(reply))).toEqual(['ahead', 'ahead', 'ahead']);
    expect(standings.slice(0, 3)).toEqual([
      [8, 0],
      [16, 0],
      [24, 0],
    ]);
    expect(standings.at(-1)).toEqual([24, 24]);
    expect(await faultsIn(a)).toEqual([]);
  });

  it('[AC60] are followed by a few that need not wait for them either, and whose small rows share commits', async () => {
    const gate = gated((nth) => nth !== 2);
    const { around, standings } = watched(gate.around, () => a);
    const a = device({ around });
    const handled = [await a.engine.handle(asked(IDS.map((id) => news(id))))];
    // In the second transaction the records of the first would begin to follow.
    for (const id of ['j1', 'j2']) handled.push(await a.engine.handle(asked([news(id)])));
    expect(handled.map(({ reply }) => wordOf(reply))).toEqual(['ahead', 'ahead', 'ahead']);
    expect(await unfoldingOf(a)).toHaveLength(5);
    gate.release();
    await over(handled);
    const records = standings.map(([, count]) => count);
    expect([...new Set(records)]).toEqual([0, 3, 6, 9, 10]);
    expect(await titlesIn(a)).toEqual([...IDS, 'j1', 'j2']);
    const last = await a.engine.handle(asked([news('j3')]));
    expect(wordOf(last.reply)).toBe('accepted');
    expect(await faultsIn(a)).toEqual([]);
  });
});
