/** Text that was pasted where one item is added: what items it would make. Pure. */
import { linesOf, type TransferItem } from '../transfer/model.ts';
import { detectFormat, readImport } from '../transfer/read-import.ts';
import { UnreadableImport } from '../transfer/model.ts';

/** Null where it is one line, which is simply pasted. */
export function itemsFromPaste(text: string): readonly TransferItem[] | null {
  if (linesOf(text).filter((line) => line.trim() !== '').length < 2) return null;
  const items = read(text, detectFormat(text, null)) ?? read(text, 'lines') ?? [];
  return items.length > 1 ? items : null;
}

function read(text: string, format: ReturnType<typeof detectFormat>) {
  try {
    const { lists, skipped } = readImport(text, { format, title: '', firstLineIsTitle: false });
    return skipped.length === 0 ? lists.flatMap(({ items }) => items) : null;
  } catch (error) {
    if (error instanceof UnreadableImport) return null;
    throw error;
  }
}
