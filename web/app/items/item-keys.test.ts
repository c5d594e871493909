import { expect, it } from 'vitest';
import { commandOf } from './item-keys.ts';

const press = (key: string, held: Partial<Parameters<typeof commandOf>[0]> = {}) =>
  commandOf({ key, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...held });

it.each([
  ['ArrowUp', {}, 'previous'],
  ['ArrowUp', { altKey: true }, 'move-up'],
  ['ArrowRight', { altKey: true }, 'indent'],
  ['Delete', {}, 'delete'],
  ['F2', {}, 'edit'],
  ['F2', { altKey: true }, undefined],
  ['ArrowUp', { altKey: true, shiftKey: true }, undefined],
  ['ArrowDown', { ctrlKey: true }, undefined],
  ['Tab', {}, undefined],
  ['Enter', {}, undefined],
])('%s with %j is %s', (key, held, command) => {
  expect(press(key, held)).toBe(command);
});
