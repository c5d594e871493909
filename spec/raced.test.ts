/** What three devices decide at once, each without the others: one log, one outcome, nothing gone. */
import { describe, expect, it } from 'vitest';
import type { Conflict, MutationJson, ParsedPageRequest, ResolveJson } from '../core/index.ts';
import type { Device } from './support/device.ts';
import { newItem, remove, setTitle } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';

const lab = openLab();
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });

/** Three devices with an item that all have, each offline. */
async function scene() {
  let now = Date.now();
  const token = await lab.nextToken();
  const device = () => lab.device({ listens: false, now: () => now });
  const all = [device(), device(), device()] as const;
  const [a, b, c] = all;
  await a.connect(lab.server.url, token);
  const { space } = await a.put(undefined, [newItem('i', 'Tent')]);
  for (const one of [b, c]) await one.connect(lab.server.url, token);
  for (const one of all) {
    await ring(one);
    one.offline = true;
  }
  const everywhere = async (expected: string) => {
    const logs = await logsOf(lab.server.url, token);
    for (const one of all) {
      expect(await titleOf(one)).toEqual(expected);
      expect(await conflictsOf(one)).toEqual(await conflictsOf(a));
      expect(faultsOf(await readReplica(one, ['lists', 'items']), logs)).toEqual([]);
    }
  };
  return { a, b, c, all, space, everywhere, later: (ms: number) => void (now += ms) };
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
const titleOf = async (one: Device) => (await one.rows('items')).get('i')?.['title'];

/** `resolve-resolve closed: "B decides"`, by what lost. */
const shown = async (one: Device) =>
  (await conflictsOf(one))
    .map(
      ({ kind, open, loser }) =>
        `${kind} ${open ? 'open' : 'closed'}: ${JSON.stringify(loser.values?.get('title'))}`,
    )
    .toSorted();

async function conflict(one: Device, kind: Conflict['kind']): Promise<Conflict> {
  const [found] = (await conflictsOf(one)).filter((each) => each.kind === kind);
  if (!found) throw new Error(`no ${kind}`);
  return found;
}

const resolve = (of: Conflict, take: ResolveJson['take']): ResolveJson => {
  const { actor, clock, collection, id, field, kind } = of;
  return { kind: 'resolve', conflict: { actor, clock, collection, id, field, kind }, take };
};

describe('one conflict, resolved on three devices at once', () => {
  it('[CF6] [CF8] is as the first in the log says; what the others wanted is kept, and can be taken', async () => {
    const { a, b, c, all, space, everywhere } = await scene();
    await a.put(space, [setTitle('i', 'from A')]);
    await b.put(space, [{ ...setTitle('i', 'from B'), manual: ['title'] } as MutationJson]);
    await meet(a, b, a, c);
    const one = await conflict(c, 'edit-edit');
    await a.put(space, [resolve(one, 'loser')]);
    await b.put(space, [resolve(one, { value: 'B decides' })]);
    await c.put(space, [resolve(one, 'winner')]);
    await meet(b, c, a, ...all);
    // C wanted what stood: that loses nothing.
    await everywhere('B decides');
    expect(await shown(a)).toEqual([
      'edit-edit closed: "from A"',
      'resolve-resolve closed: "from A"',
    ]);
    // The conflict of the conflict is one like any other.
    await c.put(space, [resolve(await conflict(c, 'resolve-resolve'), 'loser')]);
    await meet(c, ...all);
    await everywhere('from A');
  });

  it('[CF8] [FO20] of a field that is merged by the later time and waits for a person, ends once', async () => {
    const { a, b, c, all, space, everywhere, later } = await scene();
    const edit = (title: string): MutationJson =>
      ({ ...setTitle('i', title), latest: ['title'], manual: ['title'] }) as MutationJson;
    await a.put(space, [edit('early')]);
    later(1000);
    await b.put(space, [edit('late')]);
    // The later one is in the log first: it stands all the same, and the other waits to be seen.
    await meet(b, a, b, c);
    expect(await shown(c)).toEqual(['edit-edit open: "early"']);
    const open = await conflict(c, 'edit-edit');
    for (const one of all) await one.put(space, [resolve(open, 'loser')]);
    await meet(c, a, b, ...all);
    await everywhere('early');
    expect(await shown(a)).toEqual(['edit-edit closed: "early"']);
  });
});

describe('one conflict that nobody had to decide, taken back on three devices at once', () => {
  it('[CF7] is a new edit each time: the last in the log stands, and the others are kept', async () => {
    const { a, b, c, all, space, everywhere } = await scene();
    await a.put(space, [setTitle('i', 'from A')]);
    await b.put(space, [setTitle('i', 'from B')]);
    await meet(a, b, a, c);
    const one = await conflict(c, 'edit-edit');
    await a.put(space, [resolve(one, { value: 'A decides' })]);
    await b.put(space, [resolve(one, { value: 'B decides' })]);
    await c.put(space, [resolve(one, 'loser')]);
    await meet(b, c, a, ...all);
    await everywhere('A decides');
    expect(await shown(a)).toEqual([
      'edit-edit closed: "B decides"',
      'edit-edit closed: "from A"',
      'edit-edit closed: "from A"',
    ]);
  });
});

describe('a record that was deleted and made anew under its id', () => {
  it('[FO16] [CF10] is not touched by who saw its first life alone; what they wrote can be taken', async () => {
    const { a, b, c, all, space, everywhere } = await scene();
    await a.put(space, [remove('items', 'i')]);
    await a.put(space, [newItem('i', 'second life')]);
    await b.put(space, [setTitle('i', 'of the first')]);
    await meet(a, b, c, ...all);
    await everywhere('second life');
    expect(await shown(c)).toEqual(['edit-delete open: "of the first"']);
    await c.put(space, [resolve(await conflict(c, 'edit-delete'), 'loser')]);
    await meet(c, ...all);
    await everywhere('of the first');
  });
});

describe('what is typed while another’s word arrives', () => {
  it('[SE8] [CF4] is no part of what was typed before it was seen: each word is in the log or a conflict', async () => {
    const { a, b, all, space, everywhere, later } = await scene();
    await b.put(space, [setTitle('i', 'from B')]);
    await meet(b);
    const type = (title: string, seen: number) =>
      a.engine.handle({
        v: 1,
        type: 'write',
        ops: [{ space, do: [setTitle('i', title)], typing: true }],
        seen: { [space]: seen },
        rebuilt: {},
        instead: [],
      } as unknown as ParsedPageRequest);
    a.offline = false;
    await type('T', 1);
    await ring(a);
    // What was typed is not sent yet; B's word is folded below it, and the page shows that.
    const { afterwards } = await type('Typed', 2);
    later(10_000);
    await afterwards;
    await meet(...all);
    await everywhere('Typed');
    expect(await shown(b)).toEqual(['edit-edit closed: "from B"']);
  });
});
