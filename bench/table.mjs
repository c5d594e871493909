/** Tables of figures in Markdown, as they are printed and as they stand in the page. */
import { figureNames } from './results.mjs';

/** @param {number} n */
export function shown(n) {
  const size = Math.abs(n);
  if (size >= 100) return Math.round(n).toLocaleString('en');
  return size >= 10 ? n.toFixed(1) : n.toFixed(2);
}

/** The unit that a figure's name ends with: behind its last comma, or its colon. @param {string} name */
export const unitOf = (name) =>
  name.slice(Math.max(name.lastIndexOf(', '), name.lastIndexOf(': ')) + 1).trim();

/** @param {string} text */
const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** @param {readonly (readonly string[])[]} rows the first of which is the head */
export function markdownTable([head = [], ...rows]) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.map(cell).join(' | ')} |`;
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/**
 * One row for each entrant, one column for each figure: the median, and the least and greatest of the runs.
 * Figures that stand in blocks (`5,000 as a batch: …`) are a table for each block.
 * @param {import('./results.mjs').Part} part
 */
export function tablesOf(part) {
  /** @type {Map<string, string[]>} */
  const blocks = new Map();
  for (const name of figureNames(part)) {
    const block = blockOf(name);
    blocks.set(block, [...(blocks.get(block) ?? []), name]);
  }
  return [...blocks]
    .map(([block, names]) => {
      const rows = part.rows.filter(({ figures }) => names.some((name) => name in figures));
      const table = markdownTable([
        [block.slice(0, -1), ...names.map((name) => name.slice(block.length).trim())],
        ...rows.map(({ title, figures }) => [
          title,
          ...names.map((name) => inWords(figures[name])),
        ]),
      ]);
      return table;
    })
    .join('\n\n');
}

/** @param {string} name */
const blockOf = (name) => (name.includes(': ') ? name.slice(0, name.indexOf(': ') + 1) : '');

/** @param {import('./results.mjs').Figure | undefined} figure */
function inWords(figure) {
  if (!figure) return '–';
  const { median, min, max, runs } = figure;
  return runs.length < 2 ? shown(median) : `${shown(median)} (${shown(min)}–${shown(max)})`;
}

/** What did not run to its end, as a list; empty where everything did. @param {readonly import('./results.mjs').Part[]} parts */
export const failuresOf = (parts) =>
  parts.flatMap(({ id, rows }) =>
    rows.flatMap(({ title, failures }) =>
      [...new Set(failures)].map((reason) => {
        const times = failures.filter((one) => one === reason).length;
        return `- ${id}, ${title}, ${times} of the runs: ${reason}`;
      }),
    ),
  );
