/** What a restored server has settled under clocks of a device that had used them for something else. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SequencedOp } from '../core/index.ts';
import type { SpaceRow } from '../sw/engine/ports.ts';
import { online } from './support/clone.ts';
import { createDevice } from './support/device.ts';
import { listsConfig, newItem } from './support/lists-config.ts';
import { faultsOf, readReplica } from './support/replica-check.ts';
import { startRestorable, type RestorableServer } from './support/restorable-server.ts';

let server: RestorableServer;
beforeAll(async () => void (server = await startRestorable({ limits: { payloadBytes: 600 } })));
afterAll(() => server.stop());

const titleOf = ({ payload }: SequencedOp) => /"title":"([^"]*)"/.exec(payload)?.[1];

it.each([
  ['with a new epoch', { newEpoch: true }],
  ['with the epoch that it had', { newEpoch: false }],
])(
  '[AB95] a server restored %s has again what it had, though it remembers to have refused something under that clock',
  async (_how, how) => {
    const token = await server.tokenFor(`user ${_how}`);
    const a = createDevice({ config: listsConfig, listens: false });
    await a.connect(server.url, token);
    const { space } = await a.put(undefined, [newItem('i1', 'before')]);
    await online(a);
    const { actor } = (await a.space(space)) as SpaceRow;
    const before = await server.backup();
    const ops = [{ clock: 2, base: 1, at: 1, v: 1, payload: 'too much'.repeat(100) }];
    const answer = await fetch(new URL('/sync/push', server.url), {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ spaces: { [space]: { actor, since: 1, ops } } }),
    });
    expect(await answer.text()).toContain('"refused":[{"clock":2,"code":"too_large"');
    const after = await server.backup();
    await server.restore(before, how);
    await online(a);
    await a.put(space, [newItem('i2', 'in the log')]);
    await online(a);
    for (const backup of [undefined, after]) {
      if (backup !== undefined) await server.restore(backup, how);
      for (let i = 0; i < 4; i++) await online(a);
      const logs = await server.logs(token);
      expect(logs.get(space)?.map(titleOf)).toEqual(['before', 'in the log']);
      expect(faultsOf(await readReplica(a, ['lists', 'items']), logs)).toEqual([]);
      expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0, setAside: 0 });
    }
    a.close();
  },
);
