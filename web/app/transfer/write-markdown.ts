/** Lists as a Markdown checklist that `parseMarkdown` reads back as they were. */
import { shownDepths } from '../items/outline.ts';
import { encode, encodeUrl } from './inline-markdown.ts';
import type { TransferItem, TransferList } from './model.ts';

export function writeMarkdown(lists: readonly TransferList[]): string {
  return lists.map(writeList).join('\n');
}

function writeList({ title, items }: TransferList): string {
  const depths = shownDepths(items);
  const lines = items.flatMap((item, i) => writeItem(item, '  '.repeat(depths[i] ?? 0)));
  return `${[writeHeading(title), '', ...lines].join('\n')}\n`;
}

/** Hashes at the end would be taken for decoration. */
const writeHeading = (title: string): string =>
  `# ${encode(title)}`.trimEnd().replace(/(?<=^# |\s)#+$/, (end) => `${end.slice(1)}\\#`);

function writeItem({ title, url, note, done }: TransferItem, indent: string): string[] {
  const box = done ? '[x]' : '[ ]';
  const text = url === undefined ? encode(title) : `[${encode(title)}](${encodeUrl(url)})`;
  const line = `${indent}- ${box} ${text}`.trimEnd();
  if (note === undefined) return [line];
  if (url !== undefined && !note.includes('\n')) return [`${line} - ${encode(note)}`];
  return [line, ...writeNote(note).map((part) => (part === '' ? '' : `${indent}  ${part}`))];
}

/** Blank lines within a note are blank lines; those around it would be lost, so they are spelled out. */
function writeNote(note: string): string[] {
  const [, before = '', body = '', after = ''] = /^(\n*)([^]*?)(\n*)$/.exec(note) ?? [];
  const lines = body.split('\n').map(writeNoteLine);
  lines[0] = encode(before) + (lines[0] ?? '');
  lines[lines.length - 1] += encode(after);
  return lines;
}

/** A line that looks like an item, a heading or a rule is to stay text. */
function writeNoteLine(line: string): string {
  return encode(line)
    .replace(/^[-+*#>=_~`|]/, String.raw`\$&`)
    .replace(/^(\d+)([.)])/, String.raw`$1\$2`);
}
