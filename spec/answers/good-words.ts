/** What the words of good answers assert. */
import { expect } from 'vitest';
import { countIn, opsIn, partOf, type Word } from './cell.ts';
import { codesAside, payloadsIn } from './kept.ts';

/** All that waited is in the log and folded here, with what others wrote. */
export const folds: Word = ({ before, after }) => {
  expect(after.row.cursor).toBeGreaterThan(before.row.cursor);
  expect(after.row.cursor).toBe(after.row.head);
  expect(after.status).toMatchObject({ phase: 'idle', pending: before.status.pending });
};

export const settles: Word = ({ before, after, pushes, scene }) => {
  expect(after.row.cursor).toBeGreaterThan(before.row.cursor);
  expect(after.status).toMatchObject({
    phase: 'idle',
    pending: 0,
    behind: 0,
    setAside: before.status.setAside,
    trouble: null,
  });
  expect(opsIn(scene, pushes[0]).length + before.row.pending).toBeGreaterThan(0);
};

export const settlesAPart: Word = (told) => {
  const { scene, before, after, pushes } = told;
  const [first, ...rest] = payloadsIn(told, pushes[0]);
  expect(first).toBeDefined();
  expect(payloadsIn(told, pushes[1])).toEqual(rest);
  expect(partOf(scene, pushes[1])?.since).toBeGreaterThan(before.row.cursor);
  expect(after.status).toMatchObject({
    phase: 'idle',
    pending: 0,
    setAside: before.status.setAside,
  });
};

/** It is read ahead, or, where own ops are beside it, asked for by the next exchange. */
export const asksForTheRest: Word = ({ scene, before, after, sent, pushes }) => {
  const next = before.row.cursor + 1;
  const page = sent.find(({ path }) => path === '/sync/pull');
  const since = new URLSearchParams(page?.query).get('since');
  if (since === null) expect(partOf(scene, pushes[1])?.since).toBe(next);
  else expect(since.split(':').slice(0, 2)).toEqual([scene.space, String(next)]);
  expect(after.row.cursor).toBe(after.row.head);
};

export const setsOneAside: Word = async (told) => {
  const { scene, row, before, after, pushes } = told;
  expect(opsIn(scene, pushes[0]).length).toBeGreaterThan(0);
  expect(after.status).toMatchObject({
    phase: 'idle',
    pending: 0,
    setAside: before.status.setAside + 1,
  });
  expect(await codesAside(told)).toEqual([row.code]);
};

export const setsCarriedAside: Word = async (told) => {
  const { row, before, after, pushes } = told;
  const count = countIn(pushes[0]);
  expect(count).toBeGreaterThan(0);
  expect(after.status.setAside).toBe(before.status.setAside + count);
  expect(new Set(await codesAside(told))).toEqual(new Set([row.code]));
  expect(after.row.access).toBe('read');
};

export const reads: Word = ({ before, after }) => {
  expect(after.row.access).toBe('read');
  expect(after.status).toMatchObject({ phase: 'idle', setAside: before.status.setAside });
};

export const stops: Word = async (told) => {
  const { before, after } = told;
  expect(after.row.cursor).toBeLessThan(after.row.head);
  expect(after.status.behind).toBeGreaterThan(0);
  expect(after.status).toMatchObject({
    phase: 'update-needed',
    setAside: before.status.setAside,
  });
};

export const givenBack: Word = ({ before, after }) => {
  expect(before.row).toMatchObject({ access: 'read', trouble: 'forbidden' });
  expect(after.row).toMatchObject({ access: 'write', pending: 0 });
  expect(after.status).toMatchObject({ trouble: null, setAside: before.status.setAside });
};
