/** What the menu of an item offers. */
import type { Item, List } from '../db.ts';
import { openMenu } from '../ui/menu.tsx';
import { moveToList } from './item-actions.ts';
import type { Command } from './item-keys.ts';

interface ItemMenu {
  readonly item: Item;
  readonly anchor: Element;
  readonly otherLists: readonly List[];
  readonly run: (command: Command) => void;
}

export function openItemMenu({ item, anchor, otherLists, run }: ItemMenu): void {
  openMenu(anchor, item.title, [
    { label: 'Edit', keys: 'F2', run: () => run('edit') },
    { label: 'Move up', keys: 'Alt ↑', run: () => run('move-up') },
    { label: 'Move down', keys: 'Alt ↓', run: () => run('move-down') },
    { label: 'Indent', keys: 'Alt →', run: () => run('indent') },
    { label: 'Move out', keys: 'Alt ←', run: () => run('outdent') },
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
