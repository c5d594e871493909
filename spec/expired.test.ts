/**
 * A device that was away for longer than the log is kept: it begins anew from a snapshot, with its
 * outbox. The server's part of it is scripted: a horizon, and a snapshot canned from the real log.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  asSeq,
  digestThrough,
  type ParsedPageRequest,
  EMPTY_DIGEST,
  snapshotLines,
  type PushRequest,
  type SequencedOp,
  type SpaceId,
} from '../core/index.ts';
import type { Fetch } from '../sw/adapters/http-transport.ts';
import type { SpaceRow } from '../sw/engine/ports.ts';
import { uuid, type Device } from './support/device.ts';
import { newItem, remove, setTitle } from './support/lists-config.ts';
import { openLab } from './support/lab.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { logsOf } from './support/restorable-server.ts';
import { snapshotOf } from './support/snapshots.ts';

const lab = openLab();
const ring = (one: Device) => one.ask({ v: 1, type: 'ring', reason: 'visible' });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** Plays a server whose log of one space is gone up to `horizon`. */
class Compacted {
  space: SpaceId | undefined;
  horizon = 0;
  epoch = '';
  log: readonly SequencedOp[] = [];
  /** Swallows the next answer that settles something. */
  swallow = false;

  fetch: Fetch = async (url, init) => {
    const { space } = this;
    if (!space || this.horizon === 0) return fetch(url, init);
    if (url.pathname === `/sync/bootstrap/${space}`) return this.#snapshot(space);
    if (url.pathname !== '/sync/push') return fetch(url, init);
    const request = JSON.parse(init.body as string) as PushRequest;
    const asked = request.spaces[space];
    if (!asked || asked.since >= this.horizon) {
      const response = await fetch(url, init);
      if (!this.swallow || !asked?.ops) return response;
      this.swallow = false;
      throw new TypeError('lost on the way back');
    }
    // The real server's word on everything else, and on what is settled of this space.
    const bare = {
      ...request,
      spaces: { ...request.spaces, [space]: { actor: asked.actor, since: 0 } },
    };
    const response = await fetch(url, { ...init, body: JSON.stringify(bare) });
    const answer = (await response.json()) as { spaces: Record<string, { acked?: number }> };
    const error = {
      code: 'cursor_expired',
      horizon: this.horizon,
      acked: answer.spaces[space]?.acked ?? 0,
    };
    return Response.json({ ...answer, spaces: { ...answer.spaces, [space]: { error } } });
  };

  #snapshot(space: SpaceId): Response {
    const ops = this.log.slice(0, this.horizon);
    const { header, ...world } = snapshotOf(ops);
    const digest = digestThrough(EMPTY_DIGEST, ops, sha256);
    const seq = asSeq(this.horizon);
    const source = {
      ...world,
      header: { ...header, space, seq, digest, epoch: this.epoch as never, horizon: seq },
    };
    return new Response([...snapshotLines(source)].map((line) => `${line}\n`).join(''));
  }
}

async function scene() {
  const token = await lab.nextToken();
  const script = new Compacted();
  const a = lab.device({ listens: false, fetch: (url, init) => script.fetch(url, init) });
  const b = lab.device({ listens: false });
  for (const one of [a, b]) await one.connect(lab.server.url, token);
  const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
  await a.put(space, [newItem('i2', 'Stove')]);
  await ring(b);
  a.offline = true;
  const compact = async (through?: number) => {
    const log = (await logsOf(lab.server.url, token)).get(space) ?? [];
    const row = (await b.space(space)) as SpaceRow;
    Object.assign(script, { space, horizon: through ?? log.length, log, epoch: row.epoch });
  };
  return { a, b, token, space, script, compact };
}

async function expectWhole(token: string, ...all: readonly Device[]): Promise<void> {
  const logs = await logsOf(lab.server.url, token);
  for (const one of all) {
    expect(await one.engine.status()).toMatchObject({ phase: 'idle', pending: 0, trouble: null });
    expect(faultsOf(await readReplica(one, ['lists', 'items']), logs)).toEqual([]);
    expect(await one.rows('items')).toEqual(await all[0]?.rows('items'));
  }
}

const titleOf = ({ payload }: SequencedOp) => /"title":"([^"]*)"/.exec(payload)?.[1] ?? '';

describe('a device behind the horizon', () => {
  it('[AB31] [RB6] begins anew from a snapshot, and its pending ops go as they are', async () => {
    const { a, b, token, space, compact } = await scene();
    await a.put(space, [setTitle('i1', 'A pending')]);
    await a.put(space, [newItem('i3', 'A new')]);
    await b.put(space, [setTitle('i2', 'Gas stove')]);
    await b.put(space, [newItem('i4', 'B new')]);
    await compact();
    a.offline = false;
    for (const one of [a, b, a]) await ring(one);
    const log = (await logsOf(lab.server.url, token)).get(space) ?? [];
    expect(log.map(titleOf)).toEqual(['Tent', 'Stove', 'Gas stove', 'B new', 'A pending', 'A new']);
    expect(log.map(({ base }) => base).slice(-2)).toEqual([2, 2]);
    expect((await a.rows('items')).get('i2')).toMatchObject({ title: 'Gas stove' });
    await expectWhole(token, a, b);
    expect(a.notices).toContainEqual(expect.objectContaining({ type: 'rebuilt', space }));
  });

  it('[RB6] an edit of what was deleted meanwhile is a conflict, and nothing comes back', async () => {
    const { a, b, token, space, compact } = await scene();
    await a.put(space, [setTitle('i1', 'A pending')]);
    await b.put(space, [remove('items', 'i1')]);
    await compact();
    a.offline = false;
    for (const one of [a, b, a]) await ring(one);
    expect([...(await a.rows('items')).keys()]).toEqual(['i2']);
    for (const one of [a, b]) {
      expect(await one.table('_conflicts').toArray()).toMatchObject([
        { kind: 'edit-delete', id: 'i1', open: true },
      ]);
    }
    await expectWhole(token, a, b);
  });

  it('[SE7] an own op that the snapshot holds, and whose answer was lost, is there once', async () => {
    const { a, b, token, space, script, compact } = await scene();
    await compact(1);
    await a.put(space, [newItem('i3', 'A sent')]);
    script.swallow = true;
    a.offline = false;
    await ring(a);
    a.offline = true;
    await a.put(space, [setTitle('i3', 'A later')]);
    await b.put(space, [newItem('i4', 'B')]);
    await compact();
    a.offline = false;
    for (const one of [a, b, a]) await ring(one);
    const log = (await logsOf(lab.server.url, token)).get(space) ?? [];
    expect(log.map(titleOf)).toEqual(['Tent', 'Stove', 'A sent', 'B', 'A later']);
    await expectWhole(token, a, b);
    expect(await a.table('_outbox').count()).toBe(0);
  });

  it('[DR72] an own op that came late, and is in what it began anew from, leaves with what settles it', async () => {
    const { a, b, token, space, script, compact } = await scene();
    const serve = script.fetch;
    let arrive: (() => Promise<unknown>) | undefined;
    // The first request is given up, and arrives when a later one was told what is settled.
    script.fetch = async (url, init) => {
      if (url.pathname.startsWith('/sync/bootstrap')) await arrive?.();
      if (arrive) return serve(url, init);
      arrive = () => fetch(url, { ...init, signal: null });
      throw new TypeError('given up');
    };
    await a.put(space, [setTitle('i1', 'A sent')]);
    a.offline = false;
    await ring(a);
    a.offline = true;
    const more = Array.from({ length: 500 }, (_, i) => newItem(`n${i}`, `New ${i}`));
    await a.write(more.map((mutation) => ({ space, do: [mutation] })));
    await b.put(space, [newItem('i4', 'B')]);
    await compact();
    a.offline = false;
    for (const one of [a, b]) await ring(one);
    const log = (await logsOf(lab.server.url, token)).get(space) ?? [];
    expect(log.map(titleOf).slice(2, 5)).toEqual(['B', 'A sent', 'New 0']);
    await expectWhole(token, a, b);
    expect(await a.table('_outbox').count()).toBe(0);
  });

  it('[WI40] that is too old for the snapshot keeps all it has, and says so until it is updated', async () => {
    const { a, b, token, space, script, compact } = await scene();
    await a.put(space, [setTitle('i1', 'A pending')]);
    await b.put(space, [newItem('i4', 'B')]);
    await compact();
    const serve = script.fetch;
    script.fetch = async (url, init) => {
      const response = await serve(url, init);
      if (!url.pathname.startsWith('/sync/bootstrap')) return response;
      return new Response((await response.text()).replace('{', '{"v":99,'));
    };
    a.offline = false;
    const before = await a.rows('items');
    for (let times = 0; times < 2; times++) {
      await ring(a);
      expect(await a.engine.status()).toMatchObject({ phase: 'update-needed', pending: 1 });
      expect(await a.rows('items')).toEqual(before);
    }
    const list = uuid() as SpaceId;
    await a.put(list, [newItem('i9', 'In another list')]);
    await ring(a);
    const logs = await logsOf(lab.server.url, token);
    expect(logs.get(list)?.map(titleOf)).toEqual(['In another list']);
    expect(await a.engine.status()).toMatchObject({ phase: 'update-needed', pending: 1 });
    script.fetch = serve;
    for (const one of [a, b, a]) await ring(one);
    expect((await a.rows('items')).get('i4')).toMatchObject({ title: 'B' });
    expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
    expect(
      faultsOf(await readReplica(a, ['lists', 'items']), await logsOf(lab.server.url, token)),
    ).toEqual([]);
  });

  it('[AB31] writes that were made while the snapshot came are kept, and a cut one is fetched again', async () => {
    const { a, b, token, space, script, compact } = await scene();
    await b.put(space, [newItem('i4', 'B')]);
    await compact();
    const serve = script.fetch;
    const phases: string[] = [];
    script.fetch = async (url, init) => {
      if (!url.pathname.startsWith('/sync/bootstrap')) return serve(url, init);
      const title = `written ${phases.length}`;
      const request = {
        v: 1,
        type: 'write',
        ops: [{ space, do: [newItem(title, title)] }],
        seen: {},
      };
      const { reply } = await a.engine.handle(request as unknown as ParsedPageRequest);
      expect(reply.type).toBe('accepted');
      phases.push((await a.engine.status()).phase);
      const response = await serve(url, init);
      if (phases.length > 1) return response;
      const text = await response.text();
      return new Response(text.slice(0, text.length / 2));
    };
    a.offline = false;
    for (const one of [a, a, b, a, b]) await ring(one);
    expect(phases).toHaveLength(2);
    const log = (await logsOf(lab.server.url, token)).get(space) ?? [];
    expect(log.map(titleOf).toSorted()).toEqual(['B', 'Stove', 'Tent', 'written 0', 'written 1']);
    await expectWhole(token, a, b);
  });
});
