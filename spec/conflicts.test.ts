/** Conflicts on real devices: where they are kept, and what a resolve does before and after it is folded. */
import { describe, expect, it } from 'vitest';
import type { Conflict, MutationJson, ResolveJson } from '../core/index.ts';
import type { Device } from './support/device.ts';
import { newItem, remove, setTitle } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';

const lab = openLab();
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });

/** Two devices with an item that both have, each offline. */
async function scene() {
  const token = await lab.nextToken();
  const [a, b] = [lab.device(), lab.device()];
  await a.connect(lab.server.url, token);
  const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
  await b.connect(lab.server.url, token);
  await ring(b);
  a.offline = b.offline = true;
  return { a, b, token, space };
}

/** Each alone with the server, in this order. */
async function meet(...turns: readonly Device[]): Promise<void> {
  for (const one of turns) {
    one.offline = false;
    await ring(one);
    one.offline = true;
  }
}

const conflictsOf = (one: Device): Promise<Conflict[]> => one.table('_conflicts').toArray();
const titleOf = async (one: Device) => (await one.rows('items')).get('i1')?.['title'];

function resolve(
  { actor, clock, collection, id, field, kind }: Conflict,
  take: ResolveJson['take'],
) {
  return {
    kind: 'resolve',
    conflict: { actor, clock, collection, id, field, kind },
    take,
  } as const;
}

async function expectSame(token: string, a: Device, b: Device): Promise<void> {
  const logs = await logsOf(lab.server.url, token);
  for (const one of [a, b])
    expect(faultsOf(await readReplica(one, ['lists', 'items']), logs)).toEqual([]);
  expect(await conflictsOf(a)).toEqual(await conflictsOf(b));
}

const manual = (title: string): MutationJson =>
  ({ ...setTitle('i1', title), manual: ['title'] }) as MutationJson;

/** B's edit comes after A's, which it had not seen. */
async function edited() {
  const all = await scene();
  const { a, b, space } = all;
  await a.put(space, [setTitle('i1', 'from A')]);
  await b.put(space, [manual('from B')]);
  await meet(a);
  return all;
}

describe('a conflict', () => {
  it('[RB8] of a pending op is recorded when the op is folded, and not before', async () => {
    const { a, b, token } = await edited();
    expect(await titleOf(b)).toBe('from B');
    expect(await conflictsOf(b)).toEqual([]);
    await meet(b, a);
    expect(await conflictsOf(b)).toMatchObject([{ kind: 'edit-edit', field: 'title', open: true }]);
    await expectSame(token, a, b);
  });

  it('[RB8] [RB9] that is resolved offline shows what was taken, and is open until that is folded', async () => {
    const { a, b, token, space } = await edited();
    await meet(b, a);
    const [conflict] = await conflictsOf(a);
    await a.put(space, [resolve(conflict as Conflict, 'loser')]);
    expect(await titleOf(a)).toBe('from A');
    expect(await conflictsOf(a)).toEqual([conflict]);
    a.restart();
    expect(await titleOf(a)).toBe('from A');
    await meet(a, b);
    expect(await titleOf(b)).toBe('from A');
    expect(await conflictsOf(b)).toMatchObject([
      { open: false, closed: { actor: expect.anything() } },
    ]);
    await expectSame(token, a, b);
  });

  it('[CF8] [RB9] that two resolve offline is closed by the first, and the other sees that', async () => {
    const { a, b, token, space } = await edited();
    await meet(b, a);
    const [conflict] = await conflictsOf(a);
    await a.put(space, [resolve(conflict as Conflict, { value: 'A decides' })]);
    await b.put(space, [resolve(conflict as Conflict, { value: 'B decides' })]);
    await meet(a);
    b.offline = false;
    await ring(b);
    await meet(a);
    for (const one of [a, b]) expect(await titleOf(one)).toBe('A decides');
    const found = (await conflictsOf(a)).map(
      ({ kind, open }) => `${kind} ${open ? 'open' : 'closed'}`,
    );
    expect(found.toSorted()).toEqual(['edit-edit closed', 'resolve-resolve closed']);
    await expectSame(token, a, b);
  });

  it('[CF10] of a deletion brings the record back everywhere, with its changes once', async () => {
    const { a, b, token, space } = await scene();
    await a.put(space, [remove('items', 'i1')]);
    const count = {
      kind: 'increment',
      collection: 'items',
      id: 'i1',
      field: 'packed',
      by: 2,
    } as const;
    await b.put(space, [setTitle('i1', 'from B'), count]);
    await meet(a, b);
    expect(await b.rows('items')).toEqual(new Map());
    const [conflict] = await conflictsOf(b);
    for (let times = 0; times < 2; times++) {
      await b.put(space, [resolve(conflict as Conflict, 'loser')]);
      expect((await b.rows('items')).get('i1')).toMatchObject({ title: 'from B', packed: 2 });
    }
    await meet(b, a);
    expect((await a.rows('items')).get('i1')).toMatchObject({ title: 'from B', packed: 2 });
    await expectSame(token, a, b);
  });
});

describe('an op', () => {
  it('[OP16] is sent in the lowest version that has what it does, also from one bulk write', async () => {
    const { a, token, space } = await scene();
    const add = {
      kind: 'add',
      collection: 'items',
      id: 'i1',
      field: 'tags',
      values: ['x'],
    } as const;
    await a.write([
      { space, do: [setTitle('i1', 'one')] },
      { space, do: [add] },
      { space, do: [setTitle('i1', 'two')] },
    ]);
    await meet(a);
    const log = (await logsOf(lab.server.url, token)).get(space) ?? [];
    expect(log.slice(1).map(({ v }) => v)).toEqual([1, 2, 1]);
    expect((await a.rows('items')).get('i1')).toMatchObject({ title: 'two', tags: ['x'] });
  });
});
