/** Devices whose clocks are wrong, and are set: by hours and by years, to both sides. */
import { describe, expect, it } from 'vitest';
import type { Device } from './support/device.ts';
import { openLab } from './support/lab.ts';
import { newItem, setTitle } from './support/lists-config.ts';
import { logsOf } from './support/restorable-server.ts';

const lab = openLab();
const ring = (one: Device, reason: 'poll' | 'visible' = 'visible') =>
  one.ask({ v: 1, type: 'ring', reason });

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
const JUMPS = [-10 * YEAR, -2 * HOUR, 2 * HOUR, 10 * YEAR];

/** A connected device with a clock that the test sets, and its account's token. */
async function deviceAhead(by: number, token: string) {
  let ahead = by;
  const device = lab.device({ listens: false, now: () => Date.now() + ahead, fraction: () => 1 });
  await device.connect(lab.server.url, token);
  return { device, turn: (ms: number) => void (ahead += ms) };
}

describe('devices whose clocks disagree', () => {
  it.each(JUMPS)(
    '[DR33] [LG10] order is the log’s and everything arrives, with one of them off by %i ms; no time in the log is later than the server’s',
    async (by) => {
      const token = await lab.nextToken();
      const [{ device: a }, { device: b }] = [
        await deviceAhead(by, token),
        await deviceAhead(0, token),
      ];
      const { space } = await a.put(undefined, [newItem('i1', 'Tent')]);
      await ring(b);
      a.offline = b.offline = true;
      await a.put(space, [setTitle('i1', 'from A')]);
      await b.put(space, [setTitle('i1', 'from B')]);
      a.offline = b.offline = false;
      await ring(a);
      await ring(b);
      await ring(a);
      for (const one of [a, b]) {
        expect((await one.rows('items')).get('i1')).toMatchObject({ title: 'from B' });
        expect(await one.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
      }
      const log = (await logsOf(lab.server.url, token)).get(space) ?? [];
      expect(log).toHaveLength(3);
      for (const { at } of log) expect(at).toBeLessThanOrEqual(Date.now());
    },
  );
});

describe('a clock that is set while something waits', () => {
  it.each(JUMPS)(
    '[DR21] [DR33] by %i ms: what waits is sent all the same, at the next poll or when the wait was due',
    async (by) => {
      const { device: a, turn } = await deviceAhead(0, await lab.nextToken());
      a.offline = true;
      await a.write([{ do: [newItem('i1', 'Tent')] }]);
      expect(await a.engine.status()).toMatchObject({ phase: 'offline', pending: 1 });
      a.offline = false;
      turn(by);
      await ring(a, 'poll');
      expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0, stalled: false });
      // And back again: the clock of the note was the wrong one.
      a.offline = true;
      await a.put(undefined, [newItem('i2', 'Tarp')]);
      a.offline = false;
      turn(-by);
      await ring(a, 'poll');
      expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0, stalled: false });
    },
  );

  it.each(JUMPS)(
    '[SE8] [DR33] by %i ms: what is being typed leaves all the same, and none of it is lost',
    async (by) => {
      const { device: a, turn } = await deviceAhead(0, await lab.nextToken());
      const { space } = await a.put(undefined, [newItem('i1', '')]);
      const type = (title: string) =>
        a.engine.handle({
          v: 1,
          type: 'write',
          ops: [{ space, do: [setTitle('i1', title)], typing: true }],
          seen: { [space]: 1 },
          rebuilt: {},
          instead: [],
        } as never);
      await type('T');
      turn(by);
      const last = await type('Te');
      await last.afterwards;
      await ring(a);
      expect(await a.engine.status()).toMatchObject({ phase: 'idle', pending: 0 });
      expect((await a.rows('items')).get('i1')).toMatchObject({ title: 'Te' });
    },
  );

  it.each([-10 * YEAR, -2 * HOUR])(
    '[ST6] [DR33] by %i ms: ops that do not leave are called stalled, though they seem to be of a time to come',
    async (by) => {
      const { device: a, turn } = await deviceAhead(0, await lab.nextToken());
      a.offline = true;
      await a.put(undefined, [newItem('i1', 'Tent')]);
      expect(await a.engine.status()).toMatchObject({ stalled: false });
      turn(by);
      await ring(a);
      expect(await a.engine.status()).toMatchObject({ pending: 1, stalled: true });
    },
  );
});
