/** Plots as SVG, light and dark, from figures alone: bars for who is how fast, lines for what grows. Pure. */
import { shown, unitOf } from './table.mjs';

/** @typedef {'light' | 'dark'} Theme */
/** @typedef {{ label: string, role: string, median: number, min: number, max: number }} Bar */
/** @typedef {{ title: string, bars: readonly Bar[] }} Panel */
/** @typedef {{ label: string, role: string, points: readonly { x: number, y: number }[] }} Line */

const THEMES = {
  light: { text: '#1f2328', faint: '#d1d9e0', ours: '#0969da', limit: '#8c959f', peer: '#bf8700' },
  dark: { text: '#e6edf3', faint: '#3d444d', ours: '#4493f8', limit: '#7d8590', peer: '#d29922' },
};
const WIDTH = 760;
const LABELS = 230;
const VALUES = 90;
const ROW = 24;
const BAR = 14;
const HEAD = 34;
/** Where the greatest is so many times the least, a linear axis shows nothing of the small ones. */
const WIDE = 30;

/** @param {string} text */
const escaped = (text) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** What a figure is called over its panel. @param {string} name */
const titleOf = (name) => name.replace(/, ([^,]*)$/, ' ($1)');

/**
 * A panel for each drawn figure of a part, the best on top.
 * @param {import('./results.mjs').Part} part
 * @param {(entrant: string) => string} roleOf
 * @returns {Panel[]}
 */
export function panelsOf({ drawn, better, rows }, roleOf) {
  const panels = drawn.map((name) => ({
    title: `${titleOf(name)}, ${better} is better`,
    bars: rows
      .flatMap(({ entrant, title, figures }) => {
        const figure = figures[name];
        return figure ? [{ label: title, role: roleOf(entrant), ...figure }] : [];
      })
      .sort((a, b) => (better === 'less' ? a.median - b.median : b.median - a.median)),
  }));
  // One bar alone says nothing that the table does not.
  return panels.filter(({ bars }) => bars.length > 1);
}

/**
 * The panels below each other, each with an axis of its own.
 * @param {readonly Panel[]} panels @param {Theme} theme @param {string} label for who does not see it
 */
export function barChart(panels, theme, label) {
  let y = 0;
  const parts = panels.map(({ title, bars }) => {
    const top = y;
    y += HEAD + bars.length * ROW + 8;
    const place = scaleOf(
      bars.flatMap(({ min, max }) => [min, max]),
      0,
      WIDTH - LABELS - VALUES,
    );
    const logNote = place.isLog ? '; logarithmic' : '';
    return [
      text(0, top + 20, `${title}${logNote}`, 'class="head"'),
      ...bars.map((bar, i) => row(bar, top + HEAD + i * ROW, place)),
    ].join('\n');
  });
  return svg(y, theme, label, parts.join('\n'));
}

/** @param {Bar} bar @param {number} top @param {{ at: (value: number) => number }} place */
function row({ label, role, median, min, max }, top, place) {
  const middle = top + ROW / 2;
  const end = LABELS + place.at(median);
  const [from, to] = [LABELS + place.at(min), LABELS + place.at(max)];
  return [
    text(
      LABELS - 8,
      middle + 4,
      label,
      `text-anchor="end"${role === 'ours' ? ' class="head"' : ''}`,
    ),
    `<rect class="${role}" x="${LABELS}" y="${fixed(middle - BAR / 2)}" width="${fixed(Math.max(1, end - LABELS))}" height="${BAR}" rx="2"/>`,
    `<path class="spread" d="M${fixed(from)} ${middle}H${fixed(to)}"/>`,
    text(Math.max(end, to) + 6, middle + 4, shown(median)),
  ].join('\n');
}

/**
 * @param {readonly number[]} values @param {number} from @param {number} to
 * @returns {{ isLog: boolean, at: (value: number) => number }}
 */
export function scaleOf(values, from, to) {
  const good = values.filter((value) => Number.isFinite(value) && value > 0);
  const [least, greatest] = [Math.min(...good), Math.max(...good)];
  const within = (/** @type {number} */ part) =>
    from + Math.min(1, Math.max(0, part)) * (to - from);
  if (good.length === 0) return { isLog: false, at: () => from };
  if (greatest / least <= WIDE) return { isLog: false, at: (value) => within(value / greatest) };
  // A tenth below the least, so that its bar can be seen.
  const [low, high] = [Math.log(least / 2), Math.log(greatest)];
  return {
    isLog: true,
    at: (value) => within((Math.log(Math.max(value, least / 2)) - low) / (high - low)),
  };
}

/**
 * Figures that are the same but for one number in their names, as lines over that number: at least
 * three points, and of who has them.
 * @param {import('./results.mjs').Part} part @param {(entrant: string) => string} roleOf
 * @returns {{ title: string, lines: Line[] }[]}
 */
export function growthsOf({ rows }, roleOf) {
  /** @type {Map<string, Map<string, Line & { points: { x: number, y: number }[] }>>} */
  const charts = new Map();
  for (const { entrant, title, figures } of rows) {
    for (const [name, { median }] of Object.entries(figures)) {
      // Not those of percentiles.
      const number = /(?<!\w)\d[\d,]*/.exec(name)?.[0];
      if (number === undefined) continue;
      const lines = charts.get(name.replace(number, 'N')) ?? new Map();
      charts.set(name.replace(number, 'N'), lines);
      const line = lines.get(entrant) ?? { label: title, role: roleOf(entrant), points: [] };
      lines.set(entrant, line);
      line.points.push({ x: Number(number.replaceAll(',', '')), y: median });
    }
  }
  return [...charts]
    .map(([title, lines]) => ({
      title: titleOf(title),
      lines: [...lines.values()].filter(({ points }) => points.length >= 3),
    }))
    .filter(({ lines }) => lines.length > 0);
}

const PLOT = { height: 220, left: 70, right: 190, top: 34, bottom: 44 };

/** Lines over a logarithmic number; the upright axis begins at nought, so that flat looks flat. @param {{ title: string, lines: readonly Line[] }} chart @param {Theme} theme @param {number} [top] */
function lineParts({ title, lines }, theme, top = 0) {
  const all = lines.flatMap(({ points }) => points);
  const [right, bottom] = [WIDTH - PLOT.right, top + PLOT.top + PLOT.height];
  const xs = all.map(({ x }) => Math.log(x));
  const [least, greatest] = [Math.min(...xs), Math.max(...xs)];
  const highest = Math.max(...all.map(({ y }) => y)) * 1.05;
  const x = (/** @type {number} */ value) =>
    PLOT.left + ((Math.log(value) - least) / (greatest - least || 1)) * (right - PLOT.left);
  const y = (/** @type {number} */ value) => bottom - (value / highest) * PLOT.height;
  const axis = [...new Set(all.map((point) => point.x))];
  return [
    text(0, top + 20, title, 'class="head"'),
    `<path class="axis" d="M${PLOT.left} ${top + PLOT.top}V${bottom}H${right}"/>`,
    ...axis.map((n) => text(x(n), bottom + 18, n.toLocaleString('en'), 'text-anchor="middle"')),
    ...[0, 0.5, 1].map((part) =>
      text(PLOT.left - 6, y(highest * part) + 4, shown(highest * part), 'text-anchor="end"'),
    ),
    text(
      right,
      bottom + 36,
      `N; upright: ${unitOf(title.replace(/ \(([^)]*)\)$/, ', $1'))}`,
      'text-anchor="end"',
    ),
    ...lines.flatMap((line) => {
      const path = line.points.map(
        ({ x: n, y: v }, i) => `${i === 0 ? 'M' : 'L'}${fixed(x(n))} ${fixed(y(v))}`,
      );
      const last = line.points.at(-1);
      return [
        `<path class="line ${line.role}-line" d="${path.join('')}"/>`,
        ...line.points.map(
          ({ x: n, y: v }) =>
            `<circle class="${line.role}" cx="${fixed(x(n))}" cy="${fixed(y(v))}" r="3"/>`,
        ),
        last ? text(x(last.x) + 8, y(last.y) + 4, line.label) : '',
      ];
    }),
  ].join('\n');
}

/** @param {readonly { title: string, lines: readonly Line[] }[]} charts @param {Theme} theme @param {string} label */
export function lineCharts(charts, theme, label) {
  const each = PLOT.top + PLOT.height + PLOT.bottom;
  return svg(
    charts.length * each,
    theme,
    label,
    charts.map((chart, i) => lineParts(chart, theme, i * each)).join('\n'),
  );
}

/** @param {number} height @param {Theme} theme @param {string} label @param {string} inner */
function svg(height, theme, label, inner) {
  const { text: ink, faint, ours, limit, peer } = THEMES[theme];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(label)}">
<style>text{font:13px system-ui,sans-serif;fill:${ink}}.head{font-weight:600}.ours{fill:${ours}}.limit,.variant{fill:${limit}}.peer{fill:${peer}}.spread{stroke:${ink};stroke-width:1.5}.axis{stroke:${faint};fill:none}.line{fill:none;stroke-width:2}.ours-line{stroke:${ours}}.limit-line,.variant-line{stroke:${limit}}.peer-line{stroke:${peer}}</style>
${inner}
</svg>
`;
}

/** @param {number} n */
const fixed = (n) => Number(n.toFixed(1));

/** @param {number} x @param {number} y @param {string} words @param {string} [more] */
const text = (x, y, words, more = '') =>
  `<text x="${fixed(x)}" y="${fixed(y)}"${more === '' ? '' : ` ${more}`}>${escaped(words)}</text>`;
