/** What cannot be: each word asserts why. */
import { expect } from 'vitest';
import type { PushAnswer } from '../../core/index.ts';
import { opsIn, partOf, type Word } from './cell.ts';

export const noOp: Word = ({ scene, pushes }) => {
  expect(pushes.length).toBeGreaterThan(0);
  expect(opsIn(scene, pushes[0])).toEqual([]);
};

export const oneOp: Word = ({ scene, pushes }) => {
  expect(opsIn(scene, pushes[0])).toHaveLength(1);
};

export const noCursor: Word = ({ scene, pushes }) => {
  expect(partOf(scene, pushes[0])).toMatchObject({ since: 0 });
  expect(partOf(scene, pushes[0])).not.toHaveProperty('epoch');
};

export const atTheStart: Word = ({ scene, before, pushes }) => {
  expect(before.row.filling).toBeDefined();
  expect(partOf(scene, pushes[0])).toMatchObject({ since: 0 });
  expect(partOf(scene, pushes[0])).not.toHaveProperty('digest');
};

export const notMade: Word = ({ scene, pushes }) => {
  expect(partOf(scene, pushes[0])).toMatchObject({ create: true });
};

export const nothingSettled: Word = ({ before }) => {
  expect(before.row.progress).toMatchObject({ acked: 0 });
};

export const noneThere: Word = async ({ scene, before, answers }) => {
  const answer = (await answers[0]?.json()) as PushAnswer;
  const part = answer.spaces[scene.space];
  if (!part || 'error' in part) throw new Error(JSON.stringify(part));
  expect(part.ops.filter(({ actor }) => actor === before.row.actor)).toEqual([]);
};
