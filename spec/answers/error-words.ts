/** What the words of errors of one space assert. */
import { expect } from 'vitest';
import { opsIn, partOf, pushesOf, type Told, type Word } from './cell.ts';
import { codesAside, expectKept, expectSame, payloadsIn } from './kept.ts';
import { rowOf } from './phases.ts';

export const tells: Word = async (told) => {
  const { scene, row, after, pushes } = told;
  expectKept(told);
  expect(after.status).toMatchObject({
    phase: 'idle',
    trouble: { space: scene.space, code: row.code },
    waiting: null,
  });
  // It is not asked again at once, but with the next poll.
  expect(pushes).toHaveLength(1);
  const [next] = await pushesOf(scene, 'poll');
  expectSame(told, next);
};

export const nothing: Word = async (told) => {
  const { scene, before, after, pushes } = told;
  expectKept(told);
  expect(after.status).toMatchObject({
    phase: 'idle',
    trouble: before.status.trouble,
    waiting: null,
  });
  // What the home settled is reason enough to ask about a new space once more.
  expect(pushes).toHaveLength(before.row.create ? 2 : 1);
  const [next] = await pushesOf(scene, 'poll');
  expectSame(told, next);
};

export const setsAllAside: Word = async (told) => {
  const { scene, row, before, after, pushes } = told;
  const count = before.row.pending;
  expect(after.status).toMatchObject({
    pending: 0,
    setAside: before.status.setAside + count,
    trouble: { space: scene.space, code: row.code },
  });
  expect((await codesAside(told)).slice(-count || Infinity)).toEqual(
    Array.from({ length: count }, () => row.code),
  );
  expect(after.row.access).toBe('read');
  expect(pushes).toHaveLength(1);
  const [next] = await pushesOf(scene, 'poll');
  expect(partOf(scene, next)).toBeDefined();
  expect(opsIn(scene, next)).toEqual([]);
};

export const pullsAlone: Word = async (told) => {
  const { scene, row, before, after } = told;
  // What is being filled goes on being filled.
  if (before.row.filling) expectFilled(told);
  else expectKept(told);
  expect(after.row.pending).toBe(before.row.pending);
  expect(after.status.trouble).toEqual({ space: scene.space, code: row.code });
  const [next] = await pushesOf(scene, 'poll', told.scene.way.script ?? (() => undefined));
  expect(partOf(scene, next)).toBeDefined();
  expect(opsIn(scene, next)).toEqual([]);
};

const MOST_POLLS = 3;

export const forks: Word = async (told) => {
  const { scene, before, after } = told;
  expect(after.status.setAside).toBe(before.status.setAside);
  // What is ours without doubt goes first, under the former name.
  let row = await rowOf(scene);
  for (let poll = 0; row.actor === before.row.actor && poll < MOST_POLLS; poll++) {
    expect(row.turn).toBeDefined();
    scene.later(61_000);
    await pushesOf(scene, 'poll');
    row = await rowOf(scene);
  }
  expect(row.actor).not.toBe(before.row.actor);
  expect(row.turn).toBeUndefined();
  if (before.row.progress.folded > 0)
    expect(row.selves?.map(({ actor }) => actor)).toContain(before.row.actor);
};

export const rebuilds: Word = async (told) => {
  const { before, after, sent } = told;
  expect(sent.map(({ path }) => path)).toContain(`/sync/bootstrap/${told.scene.space}`);
  expect(after.rebuilt).toBe(before.rebuilt + 1);
  expect(after.row.rebuilt?.times).toBe((before.row.rebuilt?.times ?? 0) + 1);
  expectBasesWithin(told, after.row.rebuilt?.from ?? -1);
  expect(after.status).toMatchObject({ setAside: before.status.setAside, trouble: null });
};

/** What is offered after the first request is based on nothing that the log does not have. */
function expectBasesWithin({ scene, pushes, after }: Told, from: number): void {
  // What is in the log goes again as it is, byte for byte.
  const { covered = 0 } = after.row.progress;
  const bases = pushes
    .slice(1)
    .filter((push) => partOf(scene, push)?.actor === after.row.actor)
    .flatMap((push) => opsIn(scene, push))
    .flatMap((op) => ('payload' in op && op.clock > covered ? [op.base] : []));
  expect(bases.filter((base) => base > from)).toEqual([]);
}

export const beginsAnew: Word = async (told) => {
  const { scene, before, after, sent, pushes } = told;
  expect(sent.map(({ path }) => path)).toContain(`/sync/bootstrap/${scene.space}`);
  expect(after.rebuilt).toBe(before.rebuilt + 1);
  expect(after.row.rebuilt).toEqual(before.row.rebuilt);
  expect(after.status).toMatchObject({ setAside: before.status.setAside, trouble: null });
  const carried = payloadsIn(told, pushes[0]);
  if (carried.length > 0) expect(payloadsIn(told, pushes[1])).toEqual(carried);
};

function expectFilled({ before, after }: Told): void {
  expect(after.row).not.toHaveProperty('filling');
  expect(after.row.cursor).toBeGreaterThanOrEqual(before.row.filling?.of?.seq ?? Infinity);
  expect(after.status.setAside).toBe(before.status.setAside);
}

/** It says nothing of what is still to be fetched. */
export const fillsOn: Word = (told) => {
  const { scene, row, after } = told;
  expectFilled(told);
  const trouble = row.code === undefined ? null : { space: scene.space, code: row.code };
  expect(after.status).toMatchObject({ phase: 'idle', waiting: null, trouble });
};

/** What is not there yet need not be replaced: its ops wait until the rest of the snapshot is. */
export const fillsFirst: Word = (told) => {
  const { scene, before, after, sent, pushes } = told;
  const isOfSpace = ({ push }: Told['sent'][number]) => opsIn(scene, push).length > 0;
  const rest = sent.findIndex(({ path }) => path === `/sync/bootstrap/${scene.space}`);
  const again = sent.findLastIndex(isOfSpace);
  expect([sent.findIndex(isOfSpace), rest, again]).toEqual([0, expect.any(Number), again]);
  expect(rest).toBeGreaterThan(0);
  expect(sent[rest]?.query).toContain('offset=');
  expect(again).toBeGreaterThan(rest);
  expect(sent.slice(1, rest).filter(isOfSpace)).toEqual([]);
  const carried = payloadsIn(told, pushes[0]);
  expect(payloadsIn(told, sent[again]?.push)).toEqual(carried);
  expectFilled(told);
  expect(after.row.rebuilt).toEqual(before.row.rebuilt);
  expect(after.status).toMatchObject({ pending: 0, trouble: null, away: null });
};

/** What has come is of another log. */
export const beginsInIt: Word = ({ before, after }) => {
  expect(before.row.filling?.of?.epoch).toBeDefined();
  expect(after.row.epoch).not.toBe(before.row.filling?.of?.epoch);
  expect(after.row).not.toHaveProperty('filling');
  expect(after.row.cursor).toBe(after.row.head);
  expect(after.status).toMatchObject({ pending: 0, setAside: before.status.setAside });
};

export const makesAgain: Word = async (told) => {
  const { scene, before, after, sent, pushes } = told;
  expect(sent.map(({ path }) => path)).not.toContain(`/sync/bootstrap/${scene.space}`);
  expect(after.rebuilt).toBe(before.rebuilt + 1);
  expect(partOf(scene, pushes[1])).toMatchObject({ create: true, since: 0 });
  expect(opsIn(scene, pushes[1])[0]?.clock).toBe(1);
  expect(after.row.rebuilt?.times).toBe((before.row.rebuilt?.times ?? 0) + 1);
  expect(after.status).toMatchObject({ setAside: before.status.setAside });
};

export const entersEpoch: Word = async (told) => {
  const { scene, before, after, sent, pushes } = told;
  expect(sent.map(({ path }) => path)).not.toContain(`/sync/bootstrap/${scene.space}`);
  expect(after.row.epoch).not.toBe(before.row.epoch);
  if (pushes[1]) expect(partOf(scene, pushes[1])?.epoch).toBe(after.row.epoch);
  expectBasesWithin(told, before.row.cursor);
  expect(after.row.rebuilt).toEqual(before.row.rebuilt);
  expect(after.status).toMatchObject({ setAside: before.status.setAside });
};
