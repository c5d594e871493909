/** What the keys, the menu and dragging do to rows, as one set of commands. */
import type { Item } from '../db.ts';
import { announce } from '../ui/announcer.tsx';
import { deleteItem, indentItems, placeItems } from './item-actions.ts';
import type { Command } from './item-keys.ts';
import { blockEnd, MAX_DEPTH, stepDown, stepUp } from './outline.ts';
import type { ShownItems } from './use-items.ts';

interface Around {
  readonly edit: (id: string) => void;
  /** Gives the focus to a part of a row once the row is where it will be. */
  readonly focusLater: (id: string, part: string) => void;
  /** Where the focus goes when no item is left. */
  readonly focusElsewhere: () => void;
}

export interface RowCommands {
  run(command: Command, index: number, part: string): void;
  isPossible(command: Command, index: number): boolean;
  /** A row was dragged before another, or behind the last; what is nested under it comes along. */
  drag(from: number, before: number | undefined): void;
}

export function useRowCommands(shown: ShownItems, around: Around): RowCommands {
  const { depths, showPlaces } = shown;
  const items = shown.items ?? [];

  function moveBlock(from: number, before: number): void {
    const end = blockEnd(depths, from);
    const block = items.slice(from, end);
    const others = [...items.slice(0, from), ...items.slice(end)];
    const at = before > from ? before - block.length : before;
    const { orders, write } = placeItems(others, at, block);
    showPlaces(new Map([...orders].map(([id, order]) => [id, { order }])), write);
    announce(`${block[0]?.title ?? ''}: place ${at + 1} of ${items.length}`);
  }

  function indent(index: number, by: 1 | -1): void {
    const block = items
      .slice(index, blockEnd(depths, index))
      .map((item, i) => ({ item, depth: depths[index + i] ?? 0 }));
    const { depths: changed, write } = indentItems(block, by);
    showPlaces(new Map([...changed].map(([id, depth]) => [id, { depth }])), write);
    announce(by === 1 ? 'Indented' : 'Moved out');
  }

  function remove(index: number): void {
    const item = items[index];
    const neighbour = items[index + 1] ?? items[index - 1];
    if (neighbour) around.focusLater(neighbour.id, 'text');
    else around.focusElsewhere();
    if (item) void deleteItem(item);
  }

  function isPossible(command: Command, index: number): boolean {
    const depth = depths[index] ?? 0;
    switch (command) {
      case 'move-up':
        return stepUp(depths, index) !== null;
      case 'move-down':
        return stepDown(depths, index) !== null;
      case 'indent':
        return index > 0 && depth <= (depths[index - 1] ?? 0) && depth < MAX_DEPTH;
      case 'outdent':
        return depth > 0;
      case 'edit':
      case 'delete':
      case 'previous':
      case 'next':
      case 'first':
      case 'last':
        return true;
    }
  }

  function run(command: Command, index: number, part: string): void {
    const item = items[index];
    if (!item) return;
    if (!isPossible(command, index)) return announce('Not possible here');
    const to = placeOf(command, index, items);
    if (to) return around.focusLater(to.id, part);
    if (command === 'edit') return around.edit(item.id);
    if (command === 'delete') return remove(index);
    around.focusLater(item.id, part);
    if (command === 'indent') return indent(index, 1);
    if (command === 'outdent') return indent(index, -1);
    const before = command === 'move-up' ? stepUp(depths, index) : stepDown(depths, index);
    if (command.startsWith('move') && before !== null) moveBlock(index, before);
  }

  function drag(from: number, before: number | undefined): void {
    if (from < 0 || before === undefined) return;
    const isWithinItself = before >= from && before <= blockEnd(depths, from);
    if (!isWithinItself) moveBlock(from, before);
  }

  return { run, isPossible, drag };
}

/** The row that a walking command leads to. */
function placeOf(command: Command, index: number, items: readonly Item[]): Item | undefined {
  switch (command) {
    case 'previous':
      return items[index - 1];
    case 'next':
      return items[index + 1];
    case 'first':
      return items[0];
    case 'last':
      return items.at(-1);
    default:
      return undefined;
  }
}
