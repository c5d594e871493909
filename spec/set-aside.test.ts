/** What becomes of ops that were set aside: sent again, mended or not, or discarded, each once. */
import { describe, expect, it } from 'vitest';
import type { MutationJson, OpRef, SpaceId } from '../core/index.ts';
import type { SetAside } from '../sw/engine/ports.ts';
import type { Device } from './support/device.ts';
import { newItem } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';
import { logsOf } from './support/restorable-server.ts';

const lab = openLab({ limits: { payloadBytes: 300 } });

/** A device with two ops set aside, because they are too large for the server. */
async function scene() {
  const token = await lab.nextToken();
  const device = lab.device({ listens: false });
  await device.connect(lab.server.url, token);
  const { space } = await device.put(undefined, [newItem('ok', 'Tent')]);
  await device.put(space, [newItem('big', 'x'.repeat(400))]);
  await device.put(space, [newItem('huge', 'y'.repeat(500))]);
  const aside = async () => (await device.table('_aside').toArray()) as SetAside[];
  const titles = async () =>
    ((await logsOf(lab.server.url, token)).get(space) ?? []).map(
      ({ payload }) => /"title":"([^"]*)"/.exec(payload)?.[1] ?? '',
    );
  return { device, space, aside, titles };
}

const resend = (
  device: Device,
  space: SpaceId,
  mutations: MutationJson[],
  instead: readonly OpRef[],
) =>
  device.ask({
    v: 1,
    type: 'write',
    ops: [{ space, do: mutations }],
    seen: {},
    instead: instead.map(({ row, index }) => ({ row, index })),
  });

describe('an op that was set aside', () => {
  it('[AC19] is written anew in the place of the old one, which goes when that is accepted', async () => {
    const { device, space, aside, titles } = await scene();
    const [big] = await aside();
    const reply = await resend(device, space, [newItem('big', 'shorter')], [big as SetAside]);
    expect(reply.type).toBe('accepted');
    expect((await aside()).map(({ payload }) => payload.includes('yyy'))).toEqual([true]);
    expect(await titles()).toEqual(['Tent', 'shorter']);
    expect(await device.engine.status()).toMatchObject({ pending: 0, setAside: 1 });
  });

  it('[AC19] stays where what is to take its place is not accepted', async () => {
    const { device, space, aside } = await scene();
    const [big] = await aside();
    const reply = await resend(
      device,
      space,
      [newItem('big', 'z'.repeat(70_000))],
      [big as SetAside],
    );
    expect(reply).toMatchObject({ type: 'error', code: 'too_large' });
    expect(await aside()).toHaveLength(2);
  });

  it('[AC19] is sent again once, whichever of two pages is faster', async () => {
    const { device, space, aside, titles } = await scene();
    const [big] = await aside();
    const replies = await Promise.all(
      ['one', 'other'].map((title) =>
        resend(device, space, [newItem('big', title)], [big as SetAside]),
      ),
    );
    expect(replies.map(({ type }) => type).toSorted()).toEqual(['accepted', 'error']);
    expect(replies).toContainEqual(expect.objectContaining({ code: 'not_set_aside' }));
    expect(await titles()).toHaveLength(2);
    expect(await resend(device, space, [newItem('big', 'late')], [big as SetAside])).toMatchObject({
      code: 'not_set_aside',
    });
  });

  it('[AC20] is kept until it is discarded, over restarts too; discarding it twice is no fault', async () => {
    const { device, aside, titles } = await scene();
    device.restart();
    const [big, huge] = (await aside()) as [SetAside, SetAside];
    const ask = (op: SetAside) =>
      device.ask({ v: 1, type: 'discard', ops: [{ row: op.row, index: op.index }] });
    expect(await ask(big)).toMatchObject({ type: 'ok', status: { setAside: 1 } });
    expect(await ask(big)).toMatchObject({ type: 'ok', status: { setAside: 1 } });
    expect((await aside()).map(({ row }) => row)).toEqual([huge.row]);
    expect(await titles()).toEqual(['Tent']);
    expect(device.notices.at(-1)).toMatchObject({ type: 'status', status: { setAside: 1 } });
  });
});
