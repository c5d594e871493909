/** What the words of answers to a whole request assert. */
import { expect } from 'vitest';
import { countIn, opsIn, pushesOf, type Told, type Word } from './cell.ts';
import { codesAside, expectKept, expectSame } from './kept.ts';

/** As no space was answered for, the same holds of the others. */
function expectAllKept(told: Told): void {
  expectKept(told);
  const { before, after } = told;
  expect(after.status.pending).toBe(before.status.pending);
  expect(after.status.lastSyncedAt).toBe(before.status.lastSyncedAt);
}

/** Not before it is due; then the same again. */
async function expectRetry(told: Told): Promise<readonly unknown[]> {
  const { scene, after } = told;
  const until = after.status.waiting?.until ?? 0;
  expect(until).toBeGreaterThan(0);
  expect(await pushesOf(scene, 'poll')).toEqual([]);
  scene.later(until - (await nowOf(told)) + 1);
  return pushesOf(scene, 'poll');
}

/** The device's own time: that of the failure. */
const nowOf = async ({ scene }: Told): Promise<number> =>
  (await scene.device.session.load()).retry?.since ?? 0;

export const waits: Word = async (told) => {
  const { row, after, before, pushes } = told;
  expectAllKept(told);
  expect(after.status).toMatchObject({
    phase: row.failure?.kind === 'network' ? 'offline' : 'waiting',
    waiting: { failure: row.failure },
    trouble: before.status.trouble,
  });
  expect(pushes).toHaveLength(1);
  const [next] = (await expectRetry(told)) as typeof pushes;
  expectSame(told, next);
};

export const waitsThenHalf: Word = async (told) => {
  const { row, after, pushes } = told;
  expectAllKept(told);
  expect(after.status).toMatchObject({ phase: 'offline', waiting: { failure: row.failure } });
  expect(pushes).toHaveLength(1);
  const [next] = (await expectRetry(told)) as typeof pushes;
  expect(countIn(next)).toBe(Math.max(1, Math.floor(countIn(pushes[0]) / 2)));
};

export const waitsAsTold: Word = async (told) => {
  const { scene, row, after, pushes } = told;
  expectAllKept(told);
  const { failure } = row;
  const asked = failure?.kind === 'busy' ? (failure.retryAfter ?? 0) : 0;
  expect(asked).toBeGreaterThan(0);
  expect(after.status).toMatchObject({ phase: 'waiting', waiting: { failure } });
  expect((after.status.waiting?.until ?? 0) - (await nowOf(told))).toBeGreaterThan(asked);
  expect(pushes).toHaveLength(1);
  // A page that comes to the front does not override it; a person who asks to sync does.
  expect(await pushesOf(scene, 'visible')).toEqual([]);
  const [next] = await pushesOf(scene, 'sync-now');
  expectSame(told, next);
};

export const asksForToken: Word = async (told) => {
  const { scene, after, pushes } = told;
  expectAllKept(told);
  expect(after.status).toMatchObject({ phase: 'needs-auth', waiting: null });
  expect(pushes).toHaveLength(1);
  for (const reason of ['visible', 'sync-now'] as const)
    expect(await pushesOf(scene, reason)).toEqual([]);
  scene.way.forget();
  await scene.device.connect(scene.place.url, scene.place.token);
  expectSame(told, scene.way.pushes[0]);
};

export const asksForUpdate: Word = async (told) => {
  const { row, after, pushes } = told;
  expectAllKept(told);
  expect(after.status).toMatchObject({
    phase: 'update-needed',
    waiting: { failure: row.failure },
  });
  expect(pushes).toHaveLength(1);
  const [next] = (await expectRetry(told)) as typeof pushes;
  expectSame(told, next);
};

export const cutsThenWaits: Word = async (told) => {
  const { row, after, pushes } = told;
  expectAllKept(told);
  expect(after.status).toMatchObject({ phase: 'waiting', waiting: { failure: row.failure } });
  const last = pushes.at(-1);
  expect(pushes.length).toBeGreaterThan(1);
  expect([countIn(last), Object.keys(last?.spaces ?? {}).length]).toEqual([0, 1]);
  const [next] = (await expectRetry(told)) as typeof pushes;
  expect(countIn(next)).toBe(Math.min(1, countIn(pushes[0])));
};

export const findsTheFault: Word = async (told) => {
  const { scene, row, before, after, pushes } = told;
  expect(opsIn(scene, pushes[0]).length).toBeGreaterThan(0);
  // The probe without it went through.
  expect(pushes.some((push) => countIn(push) === 0)).toBe(true);
  // Its clock was given up; a name that is given up itself has no need of that.
  const isVoid = pushes.some((push) => opsIn(scene, push).some((op) => 'void' in op));
  expect(isVoid).toBe(before.row.turn === undefined);
  expect(after.status).toMatchObject({
    phase: 'idle',
    pending: 0,
    setAside: before.status.setAside + 1,
    waiting: null,
    trouble: null,
  });
  expect(await codesAside(told)).toEqual([row.code]);
};
