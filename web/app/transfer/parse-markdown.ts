/**
 * Markdown into lists: headings name them, bullets, numbers and boxes are their items, indentation
 * nests them, what is indented under an item is its note. Other text belongs to no list; it is
 * reported, not dropped in silence.
 */
import { columnAfter, Indents } from './indents.ts';
import { decode, linksIn } from './inline-markdown.ts';
import { itemOf, linesOf, type Parsed, type SkippedLine, type TransferItem } from './model.ts';

// With `s`, because U+2028 within a line does not end it.
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))??(?:(?:^|[ \t]+)#+)?[ \t]*$/s;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const ITEM = /^([ \t]*)(?:[-*+]|\d{1,9}[.)])(?:[ \t]+(.*))?$/s;
const BOX_ALONE = /^([ \t]*)(\[[ xX]\](?:[ \t].*)?)$/s;
const BOX = /^\[([ xX])\](?:[ \t]+(.*))?$/s;
const FENCE = /^\s*(`{3,}|~{3,})/;

export function parseMarkdown(text: string, fallbackTitle: string): Parsed {
  const draft = new Draft(fallbackTitle);
  let fence: string | null = null;
  linesOf(text).forEach((raw, i) => {
    const mark = FENCE.exec(raw)?.[1];
    if (fence !== null || mark !== undefined) {
      draft.plain(raw, i + 1);
      if (fence === null) fence = mark ?? null;
      else if (mark?.startsWith(fence)) fence = null;
      return;
    }
    readLine(draft, raw, i + 1);
  });
  return draft.finish();
}

function readLine(draft: Draft, raw: string, line: number): void {
  if (raw.trim() === '') return draft.blank();
  const heading = HEADING.exec(raw);
  if (heading) return draft.heading((heading[1] ?? '').length, heading[2] ?? '', line);
  if (RULE.test(raw)) return draft.endItem();
  const item = ITEM.exec(raw) ?? BOX_ALONE.exec(raw);
  if (item) return draft.item(columnAfter(item[1] ?? ''), (item[2] ?? '').trim());
  draft.plain(raw, line);
}

interface DraftList {
  readonly title: string;
  /** Of the heading; 0 for items that come before any. */
  readonly level: number;
  readonly line: number;
  readonly items: DraftItem[];
  hasText: boolean;
}

interface DraftItem {
  readonly item: TransferItem;
  readonly column: number;
  readonly note: string[];
}

class Draft {
  readonly #lists: DraftList[] = [];
  readonly #skipped: SkippedLine[] = [];
  readonly #indents = new Indents();
  readonly #fallbackTitle: string;
  #item: DraftItem | undefined;
  #blanks = 0;

  constructor(fallbackTitle: string) {
    this.#fallbackTitle = fallbackTitle;
  }

  blank(): void {
    this.#blanks++;
  }

  endItem(): void {
    this.#item = undefined;
  }

  heading(level: number, text: string, line: number): void {
    this.endItem();
    this.#indents.reset();
    this.#lists.push({ title: plainText(text.trim()), level, line, items: [], hasText: false });
  }

  item(column: number, content: string): void {
    const box = BOX.exec(content);
    const read = readContent(box ? (box[2] ?? '') : content);
    const done = box !== null && box[1] !== ' ';
    const depth = this.#indents.depthAt(column);
    this.#item = {
      item: itemOf({ title: read.title, url: read.url, done, depth }),
      column,
      note: read.note === '' ? [] : [read.note],
    };
    this.#blanks = 0;
    this.#list().items.push(this.#item);
  }

  /** Part of the item's note if it is indented under it, or follows at once. */
  plain(raw: string, line: number): void {
    const item = this.#item;
    const column = columnAfter(/^[ \t]*/.exec(raw)?.[0] ?? '');
    if (item && (column > item.column || this.#blanks === 0)) {
      if (item.note.length > 0) for (; this.#blanks > 0; this.#blanks--) item.note.push('');
      item.note.push(decode(raw.trim()));
    } else {
      this.endItem();
      if (raw.trim() !== '') this.#skipped.push({ line, text: raw.trim() });
      const list = this.#lists.at(-1);
      if (list) list.hasText = true;
    }
    this.#blanks = 0;
  }

  finish(): Parsed {
    const lists = this.#lists.filter((list, i) => !isSection(list, this.#lists[i + 1]));
    return {
      lists: lists.map(({ title, items }) => ({ title, items: items.map(withNote) })),
      skipped: this.#skipped,
    };
  }

  #list(): DraftList {
    const last = this.#lists.at(-1);
    if (last) return last;
    const first = { title: this.#fallbackTitle, level: 0, line: 0, items: [], hasText: false };
    this.#lists.push(first);
    return first;
  }
}

/** A heading over prose, or over further headings, names no list. */
function isSection(list: DraftList, next: DraftList | undefined): boolean {
  if (list.items.length > 0) return false;
  return list.hasText || (next !== undefined && next.level > list.level);
}

const withNote = ({ item, note }: DraftItem): TransferItem =>
  itemOf({ ...item, note: note.join('\n') });

/** `[title](url) - note`; or a text with one link in it; or just a text. */
function readContent(content: string): { title: string; url?: string; note: string } {
  const [link, ...more] = linksIn(content);
  if (link?.start === 0) {
    const rest = content.slice(link.end).trim();
    return { title: link.label, url: link.url, note: decode(rest.replace(/^[-–—:](?:\s+|$)/, '')) };
  }
  if (link && more.length === 0) return { title: plainText(content), url: link.url, note: '' };
  return { title: decode(content), note: '' };
}

/** The text with its links' labels in their places. */
function plainText(content: string): string {
  let text = '';
  let at = 0;
  for (const link of linksIn(content)) {
    text += decode(content.slice(at, link.start)) + link.label;
    at = link.end;
  }
  return text + decode(content.slice(at));
}
