/** The figures of a report as bars: plain lists and boxes, so that they are read aloud as well. */
import type { FaultPoint } from '../../simulate.ts';
import type { Tally } from '../tally.ts';
import { counted } from '../words.ts';
import { html, NOTHING, type Html } from './html.ts';

/** How often each fault fired, those that did so most first. */
export function barChart({ firings, times }: Tally, points: readonly FaultPoint[]): Html {
  const all = points.map((point) => ({ point, ...(firings.get(point) ?? { times: 0, seeds: 0 }) }));
  const most = Math.max(1, ...all.map((one) => one.times));
  const bars = all
    .toSorted((a, b) => b.times - a.times)
    .map(({ point, times: fired, seeds }) => {
      const share = Math.round((100 * seeds) / Math.max(1, times.size));
      const note = fired === 0 ? 'never' : `in ${share < 1 ? '< 1' : share} % of seeds`;
      return html`<li class="${fired === 0 ? 'never' : 'fired'}">
        <span class="name">${point.replaceAll('-', ' ')}</span
        ><span class="bar" style="--part:${(100 * fired) / most}%"></span
        ><span class="count">${counted(fired)} <small>${note}</small></span>
      </li> `;
    });
  return html`<ul class="bars">
    ${bars}
  </ul>`;
}

const COLUMNS = 24;

/** How many seeds took how long. */
export function timesChart({ times }: Tally): Html {
  const all = [...times.values()].toSorted((a, b) => a - b);
  const [least, longest] = [all[0], all.at(-1)];
  if (least === undefined || longest === undefined) return html`<p>None was run to its end.</p>`;
  // One that took very long would leave no room for all the others: it stands in the last column.
  const end = Math.min(longest, 3 * quantile(all, 0.95)) + 1;
  const wide = (end - least) / COLUMNS;
  const columns = Array.from({ length: COLUMNS }, () => 0);
  for (const ms of all) {
    const column = Math.min(COLUMNS - 1, Math.floor((ms - least) / wide));
    columns[column] = (columns[column] ?? 0) + 1;
  }
  const most = Math.max(...columns);
  const boxes = columns.map((count, i) => {
    const [from, to] = [least + i * wide, least + (i + 1) * wide];
    const title = `${counted(count)} seeds in ${Math.round(from)} to ${Math.round(to)} ms`;
    return html`<span title="${title}" style="--part:${(100 * count) / most}%"></span>`;
  });
  const fact = (name: string, ms: number) =>
    html`<div>
      <dt>${name}</dt>
      <dd>${counted(ms)} ms</dd>
    </div>`;
  return html`<div class="times" role="img" aria-label="How many seeds took how long">${boxes}</div>
    <div class="scale">
      <span>${Math.round(least)} ms</span
      ><span>${Math.round(end)} ms${longest > end ? ' and more' : ''}</span>
    </div>
    <dl class="facts">
      ${fact('half of them within', quantile(all, 0.5))}${fact('95 %', quantile(all, 0.95))}${fact('the slowest', longest)}
    </dl>
    ${slowest(times)}`;
}

const SLOWEST = 5;

function slowest(times: Tally['times']): Html {
  if (times.size <= SLOWEST) return NOTHING;
  const worst = [...times].toSorted(([, a], [, b]) => b - a).slice(0, SLOWEST);
  return html`<p>
    <small
      >The slowest seeds:
      ${worst.map(([seed, ms]) => `${seed} (${counted(ms)} ms)`).join(', ')}.</small
    >
  </p>`;
}

/** Of numbers in order. */
const quantile = (all: readonly number[], share: number): number =>
  all[Math.min(all.length - 1, Math.floor(all.length * share))] ?? 0;
