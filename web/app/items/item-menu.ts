/** What the menu of an item offers. */
import type { Item, List } from '../db.ts';
import { openMenu } from '../ui/menu.tsx';
import { moveToList } from './item-actions.ts';
import type { Command } from './item-keys.ts';

interface ItemMenu {
  readonly item: Item;
  readonly anchor: Element;
  readonly otherLists: readonly List[];
  readonly isPossible: (command: Command) => boolean;
  readonly run: (command: Command) => void;
}

export function openItemMenu({ item, anchor, otherLists, isPossible, run }: ItemMenu): void {
  const entry = (label: string, keys: string, command: Command) => ({
    label,
    keys,
    isDisabled: !isPossible(command),
    run: () => run(command),
  });
  openMenu(anchor, item.title, [
    entry('Edit', 'F2', 'edit'),
    entry('Move up', 'Alt ↑', 'move-up'),
    entry('Move down', 'Alt ↓', 'move-down'),
    entry('Indent', 'Alt →', 'indent'),
    entry('Move out', 'Alt ←', 'outdent'),
    {
      label: 'Move to another list…',
      isDisabled: otherLists.length === 0,
      run: () => openMoveMenu(item, anchor, otherLists),
    },
    { label: 'Delete', keys: 'Delete', isDangerous: true, run: () => run('delete') },
  ]);
}

function openMoveMenu(item: Item, anchor: Element, lists: readonly List[]): void {
  openMenu(
    anchor,
    `Move “${item.title}” to`,
    lists.map((list) => ({ label: list.title, run: () => void moveToList(item, list) })),
  );
}
