import { afterEach, describe, expect, it } from 'vitest';
import type { OutboxRow, ParsedPageRequest, SpaceId } from '../../core/index.ts';
import { listsConfig as config } from '../../spec/support/lists-config.ts';
import { createDevice, uuid, type Device } from '../../spec/support/device.ts';

const open: Device[] = [];
const device = () => {
  const made = createDevice({ config });
  open.push(made);
  return made;
};
afterEach(() => open.splice(0).forEach((one) => one.close()));

const put = (id: string, fields: Record<string, string | number>, isNew = true) => ({
  kind: 'put' as const,
  collection: 'items',
  id,
  ...(isNew && { new: true as const }),
  fields,
});

describe('accepting a write', () => {
  it('[AC1] a write is in the outbox and in the view when its promise resolves', async () => {
    const a = device();
    const receipt = await a.put(undefined, [put('i1', { title: 'Tent' })]);
    expect((await a.rows('items')).get('i1')).toEqual({
      id: 'i1',
      space: receipt.space,
      title: 'Tent',
    });
    expect(await a.table('_outbox').toArray()).toMatchObject([
      { row: receipt.row, space: receipt.space },
    ]);
    expect(await a.engine.status()).toMatchObject({ pending: 1, phase: 'idle', account: null });
  });

  it('[AC2] what was accepted is there for the next engine over the same database', async () => {
    const a = device();
    await a.put(undefined, [put('i1', { title: 'Tent' })]);
    a.restart();
    await a.put(undefined, [put('i1', { title: 'Big tent' }, false)]);
    expect((await a.rows('items')).get('i1')).toMatchObject({ title: 'Big tent' });
    expect(await a.engine.status()).toMatchObject({ pending: 2 });
  });

  it('[AC5] a write that is refused leaves nothing in the outbox, and the next one is as ever', async () => {
    const a = device();
    const { row } = await a.put(undefined, [put('i1', { title: 'Tent' })]);
    const nowhere = a.put(undefined, [put('i2', { title: 'Tarp' }, false)]);
    await expect(nowhere).rejects.toThrow('no_such_record');
    const next = await a.put(undefined, [put('i1', { title: 'Tarp' }, false)]);
    const rows = (await a.table('_outbox').toArray()) as OutboxRow[];
    expect(rows.map((one) => one.row)).toEqual([row, next.row]);
    expect((await a.rows('items')).get('i1')).toMatchObject({ title: 'Tarp' });
    expect(await a.engine.status()).toMatchObject({ pending: 2 });
  });

  it('[AC41] writes that are accepted together share a row of the outbox, and each knows its place in it', async () => {
    const a = device();
    await a.ask({ v: 1, type: 'status' });
    const replies = await Promise.all(
      ['i1', 'i2', 'i3'].map(async (id) => {
        const ops = [{ do: [put(id, { title: id })] }];
        const rest = { seen: {}, rebuilt: {}, instead: [] };
        const write: ParsedPageRequest = { v: 1, type: 'write', ops, ...rest };
        return (await a.engine.handle(write)).reply;
      }),
    );
    const receipts = replies.flatMap((reply) => (reply.type === 'accepted' ? reply.receipts : []));
    const rows = (await a.table('_outbox').toArray()) as OutboxRow[];
    const placed = rows.map(({ row, payloads }) => payloads.map((_, index) => ({ row, index })));
    expect(receipts.map(({ row, index }) => ({ row, index }))).toEqual(placed.flat());
    expect(rows).toHaveLength(1);
    expect([...(await a.rows('items')).values()].map(({ title }) => title)).toEqual([
      'i1',
      'i2',
      'i3',
    ]);
    expect(await a.engine.status()).toMatchObject({ pending: 3 });
  });

  it('[AC3] writes made at once are accepted in the order they were made, each with its own verdict', async () => {
    const a = device();
    const results = await Promise.allSettled([
      a.put(undefined, [put('i1', { title: 'one' })]),
      a.write([{ do: [put('unknown', { title: 'x' }, false)] }]),
      a.put(undefined, [put('i1', { title: 'two' }, false)]),
      a.put(undefined, [put('i1', { title: 'three' }, false)]),
    ]);
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect((await a.rows('items')).get('i1')).toMatchObject({ title: 'three' });
    expect(await a.engine.status()).toMatchObject({ pending: 3 });
  });

  it('[AC4] a write of several ops is taken whole or not at all', async () => {
    const a = device();
    const big = put('i2', { title: 'x'.repeat(70_000) });
    await expect(a.write([{ do: [put('i1', { title: 'fine' })] }, { do: [big] }])).rejects.toThrow(
      'too_large',
    );
    expect((await a.rows('items')).size).toBe(0);
    expect(await a.engine.status()).toMatchObject({ pending: 0 });
  });

  it('[AC5] an edit without a space goes where its record is', async () => {
    const a = device();
    const space = uuid() as SpaceId;
    await a.put(space, [put('i1', { title: 'Tent' })]);
    const receipt = await a.put(undefined, [put('i1', { title: 'Tarp' }, false)]);
    expect(receipt.space).toBe(space);
  });

  it('[AC6] a record of the registry makes its space followed, and its deletion unfollowed', async () => {
    const a = device();
    const list = uuid() as SpaceId;
    await a.put(undefined, [
      { kind: 'put', collection: 'lists', id: list, new: true, fields: { title: 'Camp' } },
    ]);
    expect(await a.space(list)).toMatchObject({ followed: true, create: true });
    await a.put(undefined, [{ kind: 'delete', collection: 'lists', id: list }]);
    expect(await a.space(list)).toMatchObject({ followed: false });
    await a.put(undefined, [{ kind: 'restore', collection: 'lists', id: list }]);
    expect(await a.space(list)).toMatchObject({ followed: true });
    expect((await a.rows('lists')).get(list)).toMatchObject({ title: 'Camp' });
  });

  it('[AC7] a name like __proto__ is an ordinary field', async () => {
    const a = device();
    const fields = JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>;
    await a.put(undefined, [put('i1', fields)]);
    const row = (await a.rows('items')).get('i1') as object;
    expect(Object.getOwnPropertyDescriptor(row, '__proto__')?.value).toBe('a');
    expect(Object.getOwnPropertyDescriptor(row, 'constructor')?.value).toBe('b');
  });

  it('[AC8] a write’s base is what was on screen, never above the cursor, and nothing where nothing is said', async () => {
    const a = device();
    const { space } = await a.put(undefined, [put('i1', { title: 'Tent' })]);
    const row = await a.space(space);
    await a.table('_spaces').put({ ...row, cursor: 9 });
    const edit = { space, do: [put('i1', { title: 'x' }, false)] };
    for (const seen of [{ [space]: 7 }, { [space]: 70 }, {}]) await a.write([edit], seen as never);
    const bases = (await a.table('_outbox').toArray()).map(({ base }) => base as number);
    expect(bases.slice(1)).toEqual([7, 9, 0]);
  });

  it('[AC9] a clock before 1970 is no fault of the write', async () => {
    const a = createDevice({ config, now: () => -5 });
    open.push(a);
    await a.put(undefined, [put('i1', { title: 'Tent' })]);
    expect(await a.table('_outbox').toArray()).toMatchObject([{ at: 0 }]);
  });

  it('[HO9] a host that no page has greeted says so by a code, and its status is that it starts', async () => {
    const a = device();
    await a.session.save({ config: undefined });
    const ops = [{ do: [put('i1', { title: 'Tent' })] }];
    expect(await a.ask({ v: 1, type: 'write', ops })).toMatchObject({ code: 'not_configured' });
    expect(await a.ask({ v: 1, type: 'catch-up', rows: [] })).toMatchObject({
      code: 'not_configured',
    });
    expect(await a.engine.status()).toMatchObject({ phase: 'starting' });
    await a.ask({ v: 1, type: 'hello', config });
    await a.put(undefined, [put('i1', { title: 'Tent' })]);
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 1 });
  });
});
