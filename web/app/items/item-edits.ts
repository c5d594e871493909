/** Saving what is typed into an item, and what becomes of it when the item goes in the meantime. */
import { OffingError } from '../../lib/index.ts';
import { db, type Item } from '../db.ts';
import { attempt, reportFailure } from '../ui/attempt.ts';
import { toast } from '../ui/toasts.tsx';

interface TextChanges {
  title?: string;
  note?: string | null;
  url?: string | null;
}

/** What was typed into items that were gone by then. */
const unsaved = new Map<string, TextChanges>();
/** Items that went by the hand of this very person, who needs not be told. */
const sentAway = new Set<string>();

/** Called before an item is deleted or moved from here. */
export function sendAway(items: readonly Item[]): void {
  for (const { id } of items) sentAway.add(id);
}

/** Called when it is to come back. */
export function callBack(items: readonly Item[]): void {
  for (const { id } of items) sentAway.delete(id);
}

/**
 * Saves one field; whoever deleted the item meanwhile does not take what was typed with it. The
 * write goes first, without a look whether the item is there: a page that is being closed has no
 * time for two.
 */
export async function saveField(
  item: Item,
  field: 'title' | 'note' | 'url',
  text: string,
): Promise<boolean> {
  const changes: TextChanges =
    field === 'title' ? { title: text } : { [field]: text === '' ? null : text };
  try {
    await db.items.update(item, changes);
    if ((await db.items.get(item)) || sentAway.has(item.id)) return true;
  } catch (error) {
    if (!(error instanceof OffingError) || error.code !== 'no_such_record') {
      reportFailure('Not saved', error);
      return false;
    }
  }
  unsaved.set(item.id, { ...unsaved.get(item.id), ...changes });
  await itemWentAway(item);
  return false;
}

/** The item has gone from under its editor: someone else deleted it, or moved it to another list. */
export async function itemWentAway(item: Item): Promise<void> {
  if (sentAway.has(item.id)) return;
  const elsewhere = await db.items.where('id').equals(item.id).first();
  if (elsewhere) {
    toast({ text: `“${item.title}” was moved to another list.`, about: item.id });
    await saveUnsaved(elsewhere);
    return;
  }
  const typed = Object.values(unsaved.get(item.id) ?? {}).filter(Boolean);
  toast({
    text: [`“${item.title}” was deleted while you were editing it.`, ...typed].join(' · '),
    tone: 'alert',
    about: item.id,
    ms: null,
    action: { label: 'Put it back', run: () => void putBack(item) },
  });
}

async function putBack(item: Item): Promise<void> {
  if (await attempt(db.items.restore(item), 'Not put back')) await saveUnsaved(item);
}

async function saveUnsaved(item: Item): Promise<void> {
  const changes = unsaved.get(item.id);
  unsaved.delete(item.id);
  if (changes) await attempt(db.items.update(item, changes), 'Not saved');
}
