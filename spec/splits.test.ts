/**
 * Requests that a server refuses whole, and ops that can never be taken: the request is cut until the
 * op at fault is found, what depends on a refused op goes with it, and everything else flows.
 */
import { describe, expect, it } from 'vitest';
import type { MutationJson, ParsedPageRequest, PushRequest, SpaceId } from '../core/index.ts';
import type { Fetch } from '../sw/adapters/http-transport.ts';
import { uuid, type Device } from './support/device.ts';
import { newItem, newList, setTitle } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';

const lab = openLab({ limits: { payloadBytes: 600 } });
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });

type Judge = (request: PushRequest) => { status: number; code: string } | 'timeout' | undefined;

/** A connected device with something on the way that refuses some requests whole. */
async function behind(judge: Judge) {
  const requests: PushRequest[] = [];
  const gate: { judge: Judge; meanwhile?: () => Promise<void> } = { judge: () => undefined };
  const through: Fetch = async (url, init) => {
    if (url.pathname !== '/sync/push') return fetch(url, init);
    const request = JSON.parse(init.body as string) as PushRequest;
    requests.push(request);
    const { meanwhile } = gate;
    delete gate.meanwhile;
    await meanwhile?.();
    const verdict = gate.judge(request);
    if (verdict === 'timeout') throw new DOMException('late', 'TimeoutError');
    return verdict ? Response.json(verdict, { status: verdict.status }) : fetch(url, init);
  };
  const token = await lab.nextToken();
  const device = lab.device({ fetch: through, listens: false });
  await device.connect(lab.server.url, token);
  device.offline = true;
  const { space } = await device.put(undefined, [newItem('i0', 'Tent')]);
  gate.judge = judge;
  return { device, token, space, requests, gate };
}

const opsOf = ({ spaces }: PushRequest) =>
  Object.values(spaces).flatMap((space) => space?.ops ?? []);
const holds = (request: PushRequest, text: string) =>
  opsOf(request).some((op) => 'payload' in op && op.payload.includes(text));

async function titlesIn(token: string): Promise<string[]> {
  const logs = await logsOf(lab.server.url, token);
  return [...logs.values()]
    .flat()
    .map(({ payload }) => /"title":"([^"]*)"/.exec(payload)?.[1] ?? '');
}

async function expectWhole(device: Device, token: string): Promise<void> {
  const logs = await logsOf(lab.server.url, token);
  expect(faultsOf(await readReplica(device, ['lists', 'items']), logs)).toEqual([]);
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `t${i}`);

describe('a request that is refused whole', () => {
  it.each([
    [413, 'too_large'],
    [400, 'bad_request'],
  ])(
    '[DR30] with %i %s is cut until the op at fault is found: it is set aside, its clock given up, the rest goes',
    async (status, code) => {
      const { device, token, space } = await behind((request) =>
        holds(request, 'bad') ? { status, code } : undefined,
      );
      const titles = [...names(9), 'bad one', ...names(40).map((name) => `x${name}`), 'bad two'];
      await device.write(titles.map((title, i) => ({ space, do: [newItem(`i${i + 1}`, title)] })));
      device.offline = false;
      await ring(device);
      expect(await titlesIn(token)).toEqual([
        'Tent',
        ...titles.filter((title) => !title.startsWith('bad')),
      ]);
      const aside = (await device.table('_aside').toArray()) as { code: string; payload: string }[];
      expect(aside.map((op) => op.code)).toEqual([code, code]);
      expect(await device.engine.status()).toMatchObject({
        phase: 'idle',
        pending: 0,
        setAside: 2,
      });
      expect([...(await device.rows('items')).values()].map(({ title }) => title)).not.toContain(
        'bad one',
      );
      await expectWhole(device, token);
    },
  );

  it('[DR30] whatever it carries is kept and waits: no op is at fault', async () => {
    const { device, token, requests } = await behind(() => ({ status: 400, code: 'bad_request' }));
    device.offline = false;
    await ring(device);
    expect(await device.engine.status()).toMatchObject({
      phase: 'waiting',
      pending: 1,
      setAside: 0,
    });
    // The op alone, and a probe without it.
    expect(requests.slice(-2).map((request) => opsOf(request).length)).toEqual([1, 0]);
    expect(await titlesIn(token)).toEqual([]);
  });

  it('[DR30] [DR27] for its many spaces is asked about fewer of them at a time', async () => {
    const { device, token, requests, gate } = await behind((request) =>
      Object.keys(request.spaces).length > 3 ? { status: 413, code: 'too_large' } : undefined,
    );
    const lists = Array.from({ length: 8 }, () => uuid() as SpaceId);
    for (const list of lists) await device.put(undefined, [newList(list, list)]);
    for (const list of lists) await device.put(list, [newItem('i', list)]);
    device.offline = false;
    await ring(device);
    expect(await device.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
    expect(
      (await titlesIn(token)).filter((title) => lists.includes(title as SpaceId)),
    ).toHaveLength(16);
    const before = requests.length;
    await ring(device);
    const asked = new Set(requests.slice(before).flatMap(({ spaces }) => Object.keys(spaces)));
    expect(asked.size).toBe(9);
    gate.judge = () => undefined;
  });

  it('[DR28] after a time-out the next one is half as large, and grows again', async () => {
    let late = 2;
    const { device, token, space, requests } = await behind((request) =>
      opsOf(request).length > 10 && late-- > 0 ? 'timeout' : undefined,
    );
    await device.write(names(99).map((title, i) => ({ space, do: [newItem(`i${i + 1}`, title)] })));
    device.offline = false;
    for (let round = 0; round < 3; round++) await ring(device);
    expect(requests.map((request) => opsOf(request).length).filter((count) => count > 0)).toEqual([
      100, 50, 25, 50, 25,
    ]);
    expect(await titlesIn(token)).toHaveLength(100);
    expect(await device.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
  });
});

describe('what depends on a refused op', () => {
  it('[AB22] goes with it if it was never sent: edits of a record that only that would have made', async () => {
    const { device, token, space, gate } = await behind(() => undefined);
    await device.put(space, [newItem('big', 'x'.repeat(700))]);
    await device.put(space, [newItem('fine', 'Stove')]);
    // Written while the request is on its way: not sent.
    gate.meanwhile = () =>
      writeAlone(device, space, [
        [setTitle('big', 'an edit'), newItem('child', 'made beside it')],
        [setTitle('child', 'an edit of that')],
        [setTitle('fine', 'Gas stove')],
      ]);
    device.offline = false;
    await ring(device);
    expect(await titlesIn(token)).toEqual(['Tent', 'Stove', 'Gas stove']);
    const aside = (await device.table('_aside').toArray()) as { code: string; row: number }[];
    expect(aside.map(({ code }) => code)).toEqual([
      'too_large',
      'no_such_record',
      'no_such_record',
    ]);
    const outcomes = device.notices.flatMap((notice) =>
      notice.type === 'outcomes' ? notice.outcomes : [],
    );
    expect(outcomes).toContainEqual({
      row: aside[1]?.row,
      index: 0,
      kind: 'refused',
      code: 'no_such_record',
    });
    expect(await device.engine.status()).toMatchObject({ phase: 'idle', pending: 0, setAside: 3 });
    await expectWhole(device, token);
  });

  it('[AB22] stays where something else makes the record', async () => {
    const { device, token, space, gate } = await behind(() => undefined);
    await device.put(space, [newItem('i1', 'x'.repeat(700))]);
    await device.put(space, [newItem('i1', 'short')]);
    gate.meanwhile = () =>
      writeAlone(device, space, [[setTitle('i1', 'an edit')], [setTitle('i0', 'Tarp')]]);
    device.offline = false;
    await ring(device);
    expect(await titlesIn(token)).toEqual(['Tent', 'short', 'an edit', 'Tarp']);
    expect(await device.engine.status()).toMatchObject({ pending: 0, setAside: 1 });
    await expectWhole(device, token);
  });

  it('[AB4] [AB22] [AC31] in a bulk with edits and moves leaves all the others their way', async () => {
    const { device, token, space } = await behind(() => undefined);
    const list = uuid() as SpaceId;
    await device.put(undefined, [newList(list, 'Elsewhere')]);
    const gone = (id: string): MutationJson => ({ kind: 'delete', collection: 'items', id });
    const ops: [SpaceId, MutationJson][] = [
      [space, setTitle('i0', 'Tarp')],
      [space, newItem('big', 'x'.repeat(700))],
      [space, setTitle('big', 'an edit of it')],
      [list, newItem('big', 'small again')],
      [space, gone('big')],
      [list, newItem('i0', 'Tarp')],
      [space, gone('i0')],
      [space, newItem('i1', 'Stove')],
    ];
    await device.write(ops.map(([where, mutation]) => ({ space: where, do: [mutation] })));
    device.offline = false;
    for (let i = 0; i < 3; i++) await ring(device);
    expect(await device.engine.status()).toMatchObject({ phase: 'idle', pending: 0, setAside: 1 });
    const titlesOf = async (where: SpaceId) =>
      [...(await device.rows('items', where)).values()].map(({ title }) => title as string);
    expect(new Set(await titlesOf(list))).toEqual(new Set(['Tarp', 'small again']));
    expect(await titlesOf(space)).toEqual(['Stove']);
    // What was sent of it is kept as a conflict: nothing that was typed is gone.
    expect(await device.table('_conflicts').toArray()).toMatchObject([
      { kind: 'edit-delete', id: 'big', open: true },
    ]);
    await expectWhole(device, token);
  });
});

/** Writes without waiting for what that sets off. */
async function writeAlone(
  device: Device,
  space: SpaceId,
  writes: readonly MutationJson[][],
): Promise<void> {
  for (const mutations of writes) {
    const request = { v: 1, type: 'write', ops: [{ space, do: mutations }], seen: {} } as const;
    await device.engine.handle(request as unknown as ParsedPageRequest);
  }
}
