/**
 * The figures in a page of Markdown. What lies between `<!-- figures NAME -->` and `<!-- /figures -->`
 * is the bench's and is written anew; everything else is somebody's words, and stays. Pure.
 */
import { barChart, growthsOf, lineCharts, panelsOf } from './plots.mjs';
import { failuresOf, markdownTable, tablesOf } from './table.mjs';

/** @typedef {import('./results.mjs').Result} Result */
/** @typedef {import('./results.mjs').Part} Part */

const THEMES = /** @type {const} */ (['light', 'dark']);
const END = '<!-- /figures -->';
const begin = (/** @type {string} */ name) => `<!-- figures ${name} -->`;

export class PageError extends Error {
  /** @override */
  name = 'PageError';
}

/**
 * The page with these figures, and the plots that it shows, by their file names.
 * @param {string} page as it is
 * @param {Result} result
 * @returns {{ page: string, plots: Map<string, string> }}
 */
export function withFigures(page, result) {
  /** @type {Map<string, string>} */
  const plots = new Map();
  let written = put(page, 'run', 'How these were measured', runInWords(result));
  for (const part of result.parts) {
    const shown = plotsOf(part, result);
    for (const [file, svg] of shown) plots.set(file, svg);
    written = put(
      written,
      part.id,
      `${part.id}. ${part.title}`,
      partInWords(part, [...shown.keys()]),
    );
  }
  return { page: written, plots };
}

/**
 * Writes a section anew, or puts it at the end where the page has none of that name.
 * @param {string} page @param {string} name @param {string} title @param {string} figures
 */
function put(page, name, title, figures) {
  const section = `${begin(name)}\n\n${figures}\n\n${END}`;
  const start = page.indexOf(begin(name));
  if (start < 0) return `${page.trimEnd()}\n\n## ${title}\n\n${section}\n`;
  const end = page.indexOf(END, start);
  const next = page.indexOf('<!-- figures ', start + 1);
  if (end < 0 || (next >= 0 && next < end)) throw new PageError(`the section ${name} has no end`);
  return page.slice(0, start) + section + page.slice(end + END.length);
}

/** @param {Result} result */
function runInWords({ date, scale, runs, seconds, machine, contestants, leftOut, parts }) {
  const { cpus, model, memory, node, browser, load } = machine;
  const failures = failuresOf(parts);
  const busy =
    load > 0.5 ? ` The machine was busy (load ${load.toFixed(1)}): not for the record.` : '';
  return [
    `\`npm run bench\` at its ${scale} size on ${date.slice(0, 10)}, ${Math.round(seconds / 60)} minutes: each figure is the median of ${runs} runs, with the least and the greatest behind it. ${cpus} × ${model}, ${Math.round(memory / 2 ** 30)} GB; Node ${node}; ${browser}. Each device is a browser process of its own on a new profile on disk; servers are processes of their own, and share the machine with the devices.${busy}`,
    markdownTable([
      ['', '“written” is said', 'a batch is', 'its server answers'],
      ...contestants.map((one) => [
        one.versions === '' ? one.title : `${one.title} (${one.versions})`,
        one.write,
        one.batch === '' ? 'none' : one.batch,
        one.server,
      ]),
    ]).replaceAll('---:', '---'),
    ...(failures.length > 0 ? [`What did not run to its end:\n\n${failures.join('\n')}`] : []),
    ...(leftOut.length > 0
      ? [`Left out:\n\n${leftOut.map(({ title, why }) => `- ${title}: ${why}.`).join('\n')}`]
      : []),
  ].join('\n\n');
}

/** @param {Part} part @param {readonly string[]} files */
function partInWords(part, files) {
  const light = files.filter((file) => file.endsWith('-light.svg'));
  return [part.about, ...light.map((file) => picture(file, part)), tablesOf(part)].join('\n\n');
}

/** @param {string} file @param {Part} part */
const picture = (file, { title }) =>
  `<picture><source media="(prefers-color-scheme: dark)" srcset="plots/${file.replace('-light', '-dark')}"><img alt="${title}: the table below, drawn" src="plots/${file}"></picture>`;

/** @param {Part} part @param {Result} result @returns {Map<string, string>} */
function plotsOf(part, { contestants }) {
  /** @type {(title: string) => string} */
  const roleOfTitle = (title) => contestants.find((one) => one.title === title)?.role ?? 'variant';
  const titles = new Map(part.rows.map(({ entrant, title }) => [entrant, title]));
  const roleOf = (/** @type {string} */ entrant) => roleOfTitle(titles.get(entrant) ?? '');
  const panels = panelsOf(part, roleOf);
  const charts = growthsOf(part, roleOf);
  /** @type {Map<string, string>} */
  const plots = new Map();
  for (const theme of THEMES) {
    const file = part.id.toLowerCase();
    if (panels.length > 0) plots.set(`${file}-${theme}.svg`, barChart(panels, theme, part.title));
    if (charts.length > 0) {
      plots.set(
        `${file}-growth-${theme}.svg`,
        lineCharts(charts, theme, `${part.title}, as it grows`),
      );
    }
  }
  return plots;
}
