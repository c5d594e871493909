/** What goes out and comes in: lists without ids and places, because a copy gets its own. */

export interface TransferItem {
  readonly title: string;
  readonly note?: string;
  readonly url?: string;
  readonly done: boolean;
  /** Nesting: 0 is the outermost. */
  readonly depth: number;
}

export interface TransferList {
  readonly title: string;
  readonly items: readonly TransferItem[];
}

export interface Parsed {
  readonly lists: readonly TransferList[];
  /** Lines that are part of no list, so that the preview can say what stays behind. */
  readonly skipped: readonly SkippedLine[];
}

export interface SkippedLine {
  readonly line: number;
  readonly text: string;
}

/** The text cannot be read; the message is for the person and says where. */
export class UnreadableImport extends Error {
  override readonly name = 'UnreadableImport';
}

/** An item, without the fields that are empty. */
export function itemOf(fields: {
  title: string;
  note?: string | undefined;
  url?: string | undefined;
  done?: boolean;
  depth?: number;
}): TransferItem {
  return {
    title: fields.title,
    ...(fields.url ? { url: fields.url } : {}),
    ...(fields.note ? { note: fields.note } : {}),
    done: fields.done ?? false,
    depth: fields.depth ?? 0,
  };
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

/** What no server would take: U+0000 goes, halves of characters become U+FFFD. */
export function storable(text: string): string {
  return text.replaceAll('\0', '').replace(LONE_SURROGATE, '\uFFFD');
}

export const linesOf = (text: string): string[] => storable(text).split(/\r\n|\r|\n/);

export const countItems = (lists: readonly TransferList[]): number =>
  lists.reduce((sum, list) => sum + list.items.length, 0);

/** One op carries one record, and its payload may have 64 KiB. */
const MOST_BYTES = 60_000;

/** Words for the first record that is too large to be kept, if any. */
export function tooLarge(lists: readonly TransferList[]): string | null {
  for (const list of lists) {
    if (utf8(list.title) > MOST_BYTES)
      return `The name of the list “${clip(list.title)}” is too long.`;
    for (const { title, note = '', url = '' } of list.items) {
      if (utf8(title) + utf8(note) + utf8(url) > MOST_BYTES) {
        return `“${clip(title)}” in “${clip(list.title)}” is too long: at most 60,000 bytes for one item.`;
      }
    }
  }
  return null;
}

/** JSON escapes count too. */
const utf8 = (text: string): number => new TextEncoder().encode(JSON.stringify(text)).length;

const clip = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
