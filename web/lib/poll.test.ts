import { beforeEach, describe, expect, test } from 'vitest';
import { createPoll, type Poll, type RingReason } from './poll.ts';
import { FakeEnvironment } from './test-doubles.ts';

let environment: FakeEnvironment;
let rings: { reason: RingReason; at: number }[];
let opened: typeof rings;
let isWanted: boolean;
let waitsUntil: number | null;
let answer: () => Promise<unknown>;
let poll: Poll;
let startedAt: number;

beforeEach(() => {
  environment = new FakeEnvironment();
  startedAt = environment.now();
  rings = [];
  isWanted = true;
  waitsUntil = null;
  answer = () => Promise.resolve();
  poll = openPage();
  // That it rings when it is opened is not what most of these are about.
  opened = rings.splice(0);
});

const openPage = (): Poll =>
  createPoll({
    environment,
    isWanted: () => isWanted,
    waitsUntil: () => waitsUntil,
    ring(reason) {
      rings.push({ reason, at: environment.now() - startedAt });
      return answer();
    },
  });

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
const gaps = () => rings.map(({ at }, i) => at - (rings[i - 1]?.at ?? 0));

describe('polling', () => {
  test('[PL13] a page that is opened rings at once, for what came while nobody looked', () => {
    expect(opened).toEqual([{ reason: 'visible', at: 0 }]);
    poll.consider();
    expect(rings).toEqual([]);
  });

  test('[PL13] starts at one second and decays to fifteen', async () => {
    await environment.advance(300_000);
    const between = gaps();
    expect(between[0]).toBe(1_000);
    expect(between.at(-1)).toBe(15_000);
    expect(between.toSorted((a, b) => a - b)).toEqual(between);
  });

  test.each(['pointerdown', 'keydown', 'write'] as const)(
    '[PL13] %s brings it back to one second',
    async (event) => {
      await environment.advance(300_000);
      const before = rings.length;
      if (event === 'write') poll.active();
      else environment.fire(event);
      await environment.advance(1_000);
      expect(rings).toHaveLength(before + 1);
      await environment.advance(1_000);
      expect(rings).toHaveLength(before + 2);
    },
  );

  test('[PL13] activity does not put off the next ring', async () => {
    for (let i = 0; i < 10; i++) {
      await environment.advance(500);
      environment.fire('keydown');
    }
    expect(rings).toHaveLength(5);
  });

  test('[PL13] a hidden page does not poll, and rings at once when it is seen again', async () => {
    environment.visible = false;
    environment.fire('visibilitychange');
    await environment.advance(60_000);
    expect(rings).toEqual([]);
    environment.visible = true;
    environment.fire('visibilitychange');
    expect(rings.map(({ reason }) => reason)).toEqual(['visible']);
    await environment.advance(1_000);
    expect(rings.map(({ reason }) => reason)).toEqual(['visible', 'poll']);
  });

  test.each(['pointerdown', 'keydown', 'focus', 'write'] as const)(
    '[PL13] while the host waits for its next try, %s has it try at once, and not at each',
    async (event) => {
      await environment.advance(300_000);
      const touch = () => (event === 'write' ? poll.touched() : environment.fire(event));
      const forced = () => rings.filter(({ reason }) => reason === 'visible').length;
      touch();
      expect(forced()).toBe(0);
      waitsUntil = environment.now() + HOUR;
      for (let i = 0; i < 20; i++) touch();
      expect(forced()).toBe(1);
      await environment.advance(5_000);
      touch();
      expect(forced()).toBe(2);
    },
  );

  test('[PL13] rings when the host is to try again, however long nobody was at work', async () => {
    await environment.advance(300_000);
    const before = environment.now() - startedAt;
    waitsUntil = environment.now() + 3_000;
    poll.consider();
    await environment.advance(3_100);
    const [ring] = rings.filter(({ at }) => at > before);
    expect(ring).toEqual({ reason: 'poll', at: before + 3_000 });
  });

  test('[PL13] the network going and coming is forwarded at once, hidden or not', () => {
    environment.visible = false;
    environment.fire('offline');
    environment.fire('online');
    expect(rings.map(({ reason }) => reason)).toEqual(['offline', 'online']);
  });

  test.each([-10 * YEAR, -HOUR, HOUR, 10 * YEAR])(
    '[DR21] goes on in its pace with the clock turned by %i ms',
    async (by) => {
      await environment.advance(300_000);
      environment.turnClock(by);
      let before = rings.length;
      await environment.advance(60_000);
      expect(rings.length - before).toBeLessThan(30);
      expect(rings.length - before).toBeGreaterThan(2);
      environment.fire('keydown');
      before = rings.length;
      await environment.advance(2_000);
      expect(rings.length - before).toBe(2);
      await environment.advance(300_000);
      before = rings.length;
      await environment.advance(60_000);
      expect(rings.length - before).toBe(4);
      environment.turnClock(by);
      environment.fire('keydown');
      before = rings.length;
      await environment.advance(1_000);
      expect(rings.length - before).toBe(1);
    },
  );

  test('[PL13] nobody polls with nobody to exchange with', async () => {
    isWanted = false;
    poll.consider();
    await environment.advance(60_000);
    expect(rings).toEqual([]);
    isWanted = true;
    poll.consider();
    poll.active();
    await environment.advance(1_000);
    expect(rings).toHaveLength(1);
  });

  test('[PL13] one that does not know yet of its account rings when it does', () => {
    isWanted = false;
    const page = openPage();
    expect(rings).toEqual([]);
    isWanted = true;
    page.consider();
    page.consider();
    expect(rings.map(({ reason }) => reason)).toEqual(['visible']);
  });

  test('[PL13] one that is opened in the background rings when it is seen', () => {
    poll.close();
    environment.visible = false;
    const page = openPage();
    page.consider();
    expect(rings).toEqual([]);
    environment.visible = true;
    environment.fire('visibilitychange');
    page.consider();
    expect(rings.map(({ reason }) => reason)).toEqual(['visible']);
  });

  test('[PL13] a host that does not answer is not rung again meanwhile; one that fails is', async () => {
    let answered = (): void => {};
    answer = () => new Promise<void>((resolve) => (answered = resolve));
    await environment.advance(5_000);
    expect(rings).toHaveLength(1);
    answered();
    answer = () => Promise.reject(new Error('no worker'));
    await environment.advance(5_000);
    expect(rings.length).toBeGreaterThan(2);
  });

  test('[PL13] after close nothing rings', async () => {
    poll.close();
    environment.fire('online');
    await environment.advance(60_000);
    expect(rings).toEqual([]);
    expect(environment.timers).toBe(0);
  });
});
