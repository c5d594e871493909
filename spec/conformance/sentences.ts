/** Takes a page of prose apart into its sentences, each under its heading. */

export interface Sentence {
  readonly section: string;
  readonly text: string;
}

/** Markdown's marks and the forms of a quotation mark say nothing of a sentence. */
export const plain = (text: string): string =>
  text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`]|\\(?=\|)/g, '')
    .replace(/(^|[\s(])_(.*?)_(?=[\s).,:;]|$)/g, '$1$2')
    .replaceAll('’', "'")
    .replace(/\s+/g, ' ')
    .trim();

/** A line of the page's table of contents: links to its own headings. */
const CONTENTS = /^- (?:\[[^\]]*\]\(#[^)]*\)(?: · |$))+$/;

/** Headings, code blocks, the table of contents, and the rules and heads of tables are none. */
export function sentencesOf(markdown: string): Sentence[] {
  const found: Sentence[] = [];
  let section = '';
  let isCode = false;
  const lines = markdown.split('\n');
  for (const [i, line] of lines.entries()) {
    if (line.startsWith('```')) isCode = !isCode;
    else if (/^#+ /.test(line)) section = plain(line.replace(/^#+ /, ''));
    else if (!isCode && line.trim() !== '') {
      const isHead = line.startsWith('|') && lines[i + 1]?.startsWith('| --');
      if (isHead || line.startsWith('| -') || CONTENTS.test(line)) continue;
      found.push(...sentencesIn(line).map((text) => ({ section, text })));
    }
  }
  return found;
}

/** A row of a table is one sentence. */
function sentencesIn(line: string): string[] {
  if (line.startsWith('|')) return [plain(line.replace(/^\||\|$/g, ''))];
  const prose = plain(line.replace(/^\s*(?:[-*]|\d+\.)\s+/, ''));
  return prose.split(/(?<=[.:]) (?=[A-Z(“`])/).filter((text) => text !== '');
}
