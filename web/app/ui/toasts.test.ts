import { expect, it } from 'vitest';
import { toastUndo, undoLast } from './toasts.tsx';

it('takes back one thing after the other, the last first, each once', () => {
  const undone: string[] = [];
  toastUndo('a deleted', () => undone.push('a'));
  toastUndo('b deleted', () => undone.push('b'));
  expect([undoLast(), undoLast(), undoLast()]).toEqual([true, true, false]);
  expect(undone).toEqual(['b', 'a']);
});
