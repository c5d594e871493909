/** Plain lines into one list: each line an item, indentation nests, a box at its start is a box. */
import { columnAfter, Indents } from './indents.ts';
import { itemOf, linesOf, type Parsed, type TransferItem } from './model.ts';

const CHECKED = /^(?:\[[xX]\]|[☑☒✓✔✅])\s+/u;
const OPEN = /^(?:\[ ?\]|☐)\s+/u;
const BULLET = /^(?:[•◦▪‣·–]|[-*+])\s+/u;

export interface LinesOptions {
  readonly title: string;
  /** The first line names the list, instead of `title`. */
  readonly firstLineIsTitle: boolean;
}

export function parseLines(text: string, options: LinesOptions): Parsed {
  const lines = linesOf(text).filter((line) => line.trim() !== '');
  const first = options.firstLineIsTitle ? lines.shift() : undefined;
  const indents = new Indents();
  const items = lines.map((line) => readLine(line, indents));
  return { lists: [{ title: first?.trim() ?? options.title, items }], skipped: [] };
}

function readLine(line: string, indents: Indents): TransferItem {
  const depth = indents.depthAt(columnAfter(/^[ \t]*/.exec(line)?.[0] ?? ''));
  const text = line.trim().replace(BULLET, '');
  const done = CHECKED.test(text);
  return itemOf({ title: text.replace(done ? CHECKED : OPEN, ''), done, depth });
}
