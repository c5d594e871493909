/**
 * The whole history through the whole system: each of 558 people is a device of their own, with the
 * real engine, its real Dexie adapter and real HTTP, that pulls, goes offline, writes and drains,
 * while other devices are live throughout.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fold,
  PushAnswerSchema,
  parse,
  visibleFields,
  type Json,
  type SequencedOp,
  type SpaceId,
} from '../../core/index.ts';
import { createDevice, type Device } from '../support/device.ts';
import { listsConfig } from '../support/lists-config.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { confirmedOf, EMPTY_WORLD } from '../support/world.ts';
import { asPlainRecords, opsOfEdit, type ShownRecords } from './list-spaces.ts';
import { linesOf, readPlainly } from './plain-reading.ts';
import { readHistory, type Edit, type Fields } from './read-history.ts';

const LIVE = 3;

let server: TestServer;
let token: string;
let edits: Edit[];
const live: Device[] = [];

beforeAll(async () => {
  server = await startServer();
  token = await server.tokenFor('the list');
  edits = readHistory();
  for (let i = 0; i < LIVE; i++) live.push(await join({ listens: true }));
});

afterAll(async () => {
  live.forEach((device) => device.close());
  await server.stop();
});

async function join({ listens }: { listens: boolean }): Promise<Device> {
  const device = createDevice({ config: listsConfig, listens });
  await device.connect(server.url, token);
  return device;
}

const ring = (device: Device) => device.ask({ v: 1, type: 'ring', reason: 'visible' });

const withoutBookkeeping = ({ $: _, ...row }: { $: unknown }) => row;

async function shown(device: Device): Promise<ShownRecords> {
  const [lists, items] = await Promise.all(
    ['lists', 'items'].map((name) => device.table(name).toArray()),
  );
  return {
    lists: lists?.map(withoutBookkeeping) ?? [],
    items: items?.map(withoutBookkeeping) ?? [],
  };
}

/** Go offline with what was pulled, write, come back: what a person with a laptop does. */
async function carryOut(device: Device, edit: Edit): Promise<void> {
  device.offline = true;
  const items = await itemsOf(device, edit);
  await device.write(opsOfEdit(edit, (key) => items.get(key)));
  device.offline = false;
  await ring(device);
}

/** The items that the edit changes, as the device shows them. */
async function itemsOf(device: Device, { changes }: Edit): Promise<ReadonlyMap<string, Fields>> {
  const keys = changes.flatMap((one) => (one.collection === 'items' ? [one.key] : []));
  const rows = await device.table('items').where('id').anyOf(keys).toArray();
  const lists = await device.table('lists').toArray();
  return asPlainRecords({ lists, items: rows.map(withoutBookkeeping) }).items;
}

describe('the history, replayed by 558 devices', () => {
  it('[AB6] the fold of the log, every live device and a plain reading agree, record for record', async () => {
    const people = new Map<string, Device>();
    const editsLeft = new Map<string, number>();
    for (const { actor } of edits) editsLeft.set(actor, (editsLeft.get(actor) ?? 0) + 1);

    for (const [i, edit] of edits.entries()) {
      const known = people.get(edit.actor);
      // Who joins has just pulled.
      const device = known ?? (await join({ listens: false }));
      if (known) await ring(known);
      people.set(edit.actor, device);
      await carryOut(device, edit);
      expect(await device.engine.status()).toMatchObject({
        pending: 0,
        setAside: 0,
        trouble: null,
      });
      await ring(live[i % LIVE] as Device);

      const left = (editsLeft.get(edit.actor) ?? 0) - 1;
      editsLeft.set(edit.actor, left);
      if (left === 0) {
        device.close();
        people.delete(edit.actor);
      }
    }

    const expected = linesOf(readPlainly(edits));
    for (const device of live) {
      await ring(device);
      expect(linesOf(asPlainRecords(await shown(device)))).toEqual(expected);
    }
    expect(linesOf(asPlainRecords(await foldOfTheLog()))).toEqual(expected);
  }, 600_000);
});

/** The server's logs, pulled by nobody in particular and folded by core alone. */
async function foldOfTheLog(): Promise<ShownRecords> {
  const rows = { lists: [] as Record<string, Json>[], items: [] as Record<string, Json>[] };
  for (const { space } of await (live[0] as Device).table('_spaces').toArray()) {
    const folded = fold(confirmedOf(EMPTY_WORLD), await logOf(space));
    for (const state of folded.records.values()) {
      const fields = visibleFields(state);
      const row = fields && { ...Object.fromEntries(fields), id: state.id, space };
      if (row) rows[state.collection as keyof typeof rows].push(row);
    }
  }
  return rows;
}

async function logOf(space: SpaceId): Promise<SequencedOp[]> {
  const ops: SequencedOp[] = [];
  for (;;) {
    const since = `${space}:${ops.length}`;
    const response = await fetch(`${server.url}/sync/pull?since=${since}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    const answer = parse(PushAnswerSchema, await response.json());
    const part = answer.ok ? answer.value.spaces[space] : undefined;
    if (!part || 'error' in part) throw new Error(`no log of ${space}`);
    ops.push(...(part.ops as SequencedOp[]));
    if (!part.more) return ops;
  }
}
