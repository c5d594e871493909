/** The keys of a row. Pure, and the one place that the help sheet and the code agree on. */

export type Command =
  | 'edit'
  | 'delete'
  | 'indent'
  | 'outdent'
  | 'move-up'
  | 'move-down'
  | 'previous'
  | 'next'
  | 'first'
  | 'last';

type Keys = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

const PLAIN: Readonly<Record<string, Command>> = {
  F2: 'edit',
  Delete: 'delete',
  Backspace: 'delete',
  ArrowUp: 'previous',
  ArrowDown: 'next',
  Home: 'first',
  End: 'last',
};

const WITH_ALT: Readonly<Record<string, Command>> = {
  ArrowUp: 'move-up',
  ArrowDown: 'move-down',
  ArrowRight: 'indent',
  ArrowLeft: 'outdent',
};

export function commandOf({ key, altKey, ctrlKey, metaKey, shiftKey }: Keys): Command | undefined {
  if (ctrlKey || metaKey || shiftKey) return undefined;
  return (altKey ? WITH_ALT : PLAIN)[key];
}

export const KEY_HELP: readonly (readonly [keys: string, what: string])[] = [
  ['Enter', 'Add the item, and go on with the next'],
  ['↑ ↓', 'Go to the previous or next row'],
  ['Home End', 'Go to the first or last row'],
  ['Space', 'Check or uncheck (on the box)'],
  ['Enter or F2', 'Edit (on the text)'],
  ['Esc', 'Give up the edit'],
  ['Alt ↑ ↓', 'Move the row up or down'],
  ['Alt → ←', 'Indent the row, or move it out'],
  ['Delete', 'Delete the row'],
  ['Ctrl Z', 'Take back the last deletion or move'],
];
