/** The report of a run: one page that needs nothing else, to be read on a phone as on a desk. Pure. */
import type { FaultPoint } from '../../simulate.ts';
import type { SeedReport } from '../seed-report.ts';
import type { Tally } from '../tally.ts';
import { counted, perSecond } from '../words.ts';
import { barChart, timesChart } from './charts.ts';
import { conflictList } from './conflicts.ts';
import { html, NOTHING, type Html } from './html.ts';
import { STYLE } from './style.ts';

export interface Run {
  readonly tally: Tally;
  readonly from: number;
  /** How many seeds were asked for. */
  readonly asked: number;
  readonly jobs: number;
  readonly points: readonly FaultPoint[];
  readonly ms: number;
  /** When it ended. */
  readonly at: Date;
}

export function reportPage(run: Run): string {
  const { tally, points, from, asked } = run;
  const silent = tally.silentOf(points);
  const isGood = tally.failed.length + silent.length === 0 && tally.seeds === asked;
  const page = html`<!doctype html>
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${titleOf(run, isGood)}</title>
      <style>
        ${STYLE}
      </style>
      <header class="${isGood ? 'good' : 'bad'}">
        <h1>${titleOf(run, isGood)}</h1>
        <p>
          Seeds ${from} to
          ${from + tally.seeds - 1}${asked > tally.seeds ? `, of ${counted(asked)} asked for` : ''}
          · ended ${run.at.toISOString().slice(0, 16).replace('T', ' ')} UTC
        </p>
      </header>
      <main>
        ${figures(run)} ${failures(tally.failed)}
        <section>
          <h2>Faults that fired</h2>
          ${barChart(tally, points)}
        </section>
        <section>
          <h2>Time for a seed</h2>
          ${timesChart(tally)}
        </section>
        ${conflictList(tally)} ${histories(tally)}
      </main>
    </html>`;
  return `${page.text.trim()}\n`;
}

function titleOf({ tally, asked }: Run, isGood: boolean): string {
  const { passed, failed, seeds } = tally;
  if (isGood) return `${counted(passed)} seeds passed`;
  if (failed.length > 0) return `${counted(failed.length)} of ${counted(seeds)} seeds failed`;
  return seeds < asked ? `Stopped after ${counted(seeds)} seeds` : 'Faults that never fired';
}

function figures({ tally, ms, jobs }: Run): Html {
  const seconds = ms / 1000;
  const figure = (value: string, name: string, note: string) =>
    html`<li><b>${value}</b> ${name} <small>${note}</small></li> `;
  const rate = (count: number) => `${perSecond(count, seconds)} a second`;
  const each = (count: number) => `${counted(count / Math.max(1, tally.times.size))} a seed`;
  return html`<ul class="figures">
    ${figure(counted(tally.seeds), 'seeds', rate(tally.seeds))}${figure(counted(tally.ops), 'ops', rate(tally.ops))}${figure(counted(tally.faults), 'faults', rate(tally.faults))}${figure(counted(tally.conflicts), 'conflicts', each(tally.conflicts))}${figure(counted(tally.devices), 'devices', each(tally.devices))}${figure(duration(seconds), 'in all', `${jobs} processes`)}
  </ul>`;
}

function duration(seconds: number): string {
  if (seconds < 100) return `${counted(seconds)} s`;
  const minutes = seconds / 60;
  return minutes < 100 ? `${counted(minutes)} min` : `${counted(minutes / 60)} h`;
}

function failures(failed: readonly SeedReport[]): Html {
  if (failed.length === 0) return NOTHING;
  return html`<section>
    <h2>Failures</h2>
    ${failed.map(failure)}
  </section>`;
}

function failure(report: SeedReport, place: number): Html {
  const again = html`<p><code>npm run simulate -- --seed ${report.seed}</code></p>`;
  if (report.kind === 'lost') {
    return html`<article class="failure">
      <h3>Seed ${report.seed}</h3>
      <pre>${report.why}</pre>
      ${again}
    </article> `;
  }
  const { violation, shrunken } = report;
  const lines = shrunken
    ? html`<details${place === 0 ? OPEN : NOTHING}><summary>What is left of its history: ${shrunken.length} steps</summary><pre>${shrunken.join('\n')}</pre></details>`
    : NOTHING;
  return html`<article class="failure">
    <h3>Seed ${report.seed}: promise ${violation?.promise ?? ''} is broken</h3>
    <p>${violation?.what ?? ''} <small>at step ${violation?.step ?? 0}</small></p>
    ${lines}${again}
  </article> `;
}

const OPEN = html` open`;

function histories({ histories: all }: Tally): Html {
  if (all.size === 0) return NOTHING;
  const one = ([seed, lines]: readonly [number, readonly string[]]) =>
    html`<details>
      <summary>Seed ${seed}: ${counted(lines.length)} steps</summary>
      <pre>${lines.join('\n')}</pre>
    </details> `;
  return html`<section>
    <h2>Histories</h2>
    ${[...all].toSorted(([a], [b]) => a - b).map(one)}
  </section>`;
}
