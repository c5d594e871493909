/**
 * A device whose app is older than the log it reads: an engine that knows grammar 1 alone, beside one
 * that knows grammar 2, on one server.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MutationJson, parsePayload, SpaceId } from '../core/index.ts';
import type { Fetch } from '../sw/adapters/http-transport.ts';
import { install, profileOf } from './support/clone.ts';
import { uuid, type Device } from './support/device.ts';
import { listsConfig, newItem, newList, setTitle } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';

const lab = openLab({ limits: { payloadBytes: 600 } });
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });

const tag = (id: string, value: string): MutationJson => ({
  kind: 'add',
  collection: 'items',
  id,
  field: 'tags',
  values: [value],
});

/** What the old device was answered, by spaces. */
const heard: Record<SpaceId, { ops?: readonly unknown[] }>[] = [];
const listening: Fetch = async (url, init) => {
  const response = await fetch(url, init);
  if (url.pathname !== '/sync/push') return response;
  const answer = (await response.json()) as { spaces: (typeof heard)[number] };
  heard.push(answer.spaces);
  return Response.json(answer);
};

const olds: Device[] = [];
afterEach(() => olds.splice(0).forEach((device) => device.close()));

/** A device with an engine of its own, of the time when there was grammar 1. */
async function oldDevice(): Promise<Device> {
  vi.resetModules();
  vi.doMock('../core/payload.ts', async (original) => {
    const now = await original<{ parsePayload: typeof parsePayload }>();
    const parseThen: typeof parsePayload = (text, version) =>
      version > 1 ? { kind: 'unknown-version', version } : now.parsePayload(text, version);
    return { ...now, PAYLOAD_VERSIONS: [1], parsePayload: parseThen };
  });
  const { createDevice } = await import('./support/device.ts');
  vi.doUnmock('../core/payload.ts');
  vi.resetModules();
  const device = createDevice({ config: listsConfig, listens: false, fetch: listening });
  olds.push(device);
  return device;
}

/** The same device with today's engine, over what it had on its disk. */
const updated = async (device: Device): Promise<Device> =>
  install(await profileOf(device), lab.device({ listens: false }));

async function scene() {
  const token = await lab.nextToken();
  const [old, other] = [await oldDevice(), lab.device({ listens: false })];
  for (const one of [old, other]) await one.connect(lab.server.url, token);
  const list = uuid() as SpaceId;
  const { space } = await other.put(undefined, [newItem('i1', 'Tent'), newList(list, 'List')]);
  await ring(old);
  const titles = async (of: SpaceId) =>
    ((await logsOf(lab.server.url, token)).get(of) ?? []).map(
      ({ payload }) => /"(?:title":|values":\[)"([^"]{0,20})/.exec(payload)?.[1] ?? '',
    );
  const expectWhole = async (...devices: readonly Device[]) => {
    const logs = await logsOf(lab.server.url, token);
    for (const one of devices)
      expect(faultsOf(await readReplica(one, ['lists', 'items']), logs)).toEqual([]);
  };
  return { old, other, list, space, titles, expectWhole };
}

describe('an op of a later grammar', () => {
  it('[DR62] is asked for alone until the update, however long the log behind it is', async () => {
    const { old, other, space } = await scene();
    await other.put(space, [tag('i1', 'red')]);
    await other.write(
      Array.from({ length: 50 }, (_, i) => ({ space, do: [newItem(`n${i}`, 'x')] })),
    );
    await ring(old);
    heard.length = 0;
    await ring(old);
    await old.put(space, [newItem('i2', 'mine')]);
    old.restart();
    await ring(old);
    const counts = heard.map((spaces) => spaces[space]?.ops?.length);
    expect(counts.length).toBeGreaterThan(2);
    expect(new Set(counts)).toEqual(new Set([1]));
    expect(await old.engine.status()).toMatchObject({ phase: 'update-needed', behind: 52 });
    const now = await updated(old);
    await ring(now);
    expect(await now.engine.status()).toMatchObject({ phase: 'idle', pending: 0, behind: 0 });
    expect((await now.rows('items')).size).toBe(52);
  });

  it('[FO3] [DR60] stops the fold before it, and neither writing nor any other space', async () => {
    const { old, other, list, space, titles, expectWhole } = await scene();
    await other.put(space, [setTitle('i1', 'before it')]);
    await other.put(space, [tag('i1', 'red')]);
    await other.put(space, [setTitle('i1', 'behind it')]);
    for (let times = 0; times < 2; times++) {
      await ring(old);
      expect(await old.engine.status()).toMatchObject({ phase: 'update-needed', behind: 2 });
      expect((await old.rows('items')).get('i1')).toEqual({ id: 'i1', space, title: 'before it' });
      old.restart();
    }
    await old.put(space, [newItem('i2', 'mine')]);
    await old.put(space, [setTitle('i2', 'mine, later')]);
    await old.put(list, [newItem('i3', 'there')]);
    await other.put(list, [newItem('i4', 'there too')]);
    await ring(old);
    // The server has it, and here it is to be seen; what waits is only that it be folded.
    expect(await titles(space)).toEqual([
      'Tent',
      'before it',
      'red',
      'behind it',
      'mine',
      'mine, later',
    ]);
    expect((await old.rows('items')).get('i2')).toMatchObject({ title: 'mine, later' });
    expect([...(await old.rows('items', list)).keys()]).toEqual(['i3', 'i4']);
    expect(await old.engine.status()).toMatchObject({ phase: 'update-needed', pending: 2 });
    await ring(other);
    await expectWhole(old, other);
  });

  it('[DR60] is folded after the update with all that follows, and what was written meanwhile is there once', async () => {
    const { old, other, space, titles, expectWhole } = await scene();
    await other.put(space, [tag('i1', 'red')]);
    await other.put(space, [setTitle('i1', 'from the other')]);
    await ring(old);
    await old.write([
      { space, do: [setTitle('i1', 'from the old')] },
      { space, do: [newItem('long', 'x'.repeat(700))] },
      { space, do: [newItem('i2', 'mine')] },
    ]);
    old.offline = true;
    await old.put(space, [setTitle('i2', 'never sent')]);
    // What is refused is set aside at once, though nothing is folded.
    expect(await old.engine.status()).toMatchObject({ pending: 3, setAside: 1 });
    await expectWhole(old);

    const now = await updated(old);
    for (const one of [now, other]) await ring(one);
    expect(await now.engine.status()).toMatchObject({ phase: 'idle', pending: 0, setAside: 1 });
    expect(await titles(space)).toEqual([
      'Tent',
      'red',
      'from the other',
      'from the old',
      'mine',
      'never sent',
    ]);
    expect((await now.rows('items')).get('i1')).toMatchObject({
      title: 'from the old',
      tags: ['red'],
    });
    expect(await now.rows('items')).toEqual(await other.rows('items'));
    // Nobody had seen the other's title behind the op that stopped the fold.
    for (const one of [now, other]) {
      const conflicts = (await one.table('_conflicts').toArray()) as object[];
      expect(conflicts).toMatchObject([{ kind: 'edit-edit', id: 'i1', field: 'title' }]);
    }
    await expectWhole(now, other);
    expect(await now.table('_outbox').count()).toBe(0);
  });

  it('[DR60] is kept and sent where it is its own, of an app that was put back to an older version', async () => {
    const { old, other, space, titles, expectWhole } = await scene();
    const now = await updated(old);
    now.offline = true;
    await now.put(space, [tag('i1', 'red')]);
    await now.put(space, [setTitle('i1', 'behind it')]);
    const back = await install(await profileOf(now), await oldDevice());
    await back.put(space, [newItem('i2', 'after it')]);
    for (let times = 0; times < 2; times++) await ring(back);
    expect(await titles(space)).toEqual(['Tent', 'red', 'behind it', 'after it']);
    expect(await back.engine.status()).toMatchObject({ phase: 'update-needed', setAside: 0 });
    const again = await updated(back);
    for (const one of [again, other]) await ring(one);
    expect(await again.engine.status()).toMatchObject({ phase: 'idle', pending: 0, setAside: 0 });
    expect((await again.rows('items')).get('i1')).toMatchObject({
      title: 'behind it',
      tags: ['red'],
    });
    expect(await again.table('_outbox').count()).toBe(0);
    await expectWhole(again, other);
  });
});
