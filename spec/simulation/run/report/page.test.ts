import { describe, expect, it } from 'vitest';
import type { FaultPoint } from '../../simulate.ts';
import type { Ran, SeedReport } from '../seed-report.ts';
import { Tally } from '../tally.ts';
import { reportPage } from './page.ts';

const POINTS = ['request-dropped', 'power-cut'] as unknown as readonly FaultPoint[];

const ran = (seed: number, more: Partial<Ran> = {}): Ran => ({
  kind: 'ran',
  seed,
  ms: 10 * seed,
  hash: 'x',
  ops: 200,
  steps: 900,
  devices: 4,
  faults: { 'request-dropped': 7, 'power-cut': 0 } as unknown as Ran['faults'],
  conflicts: 1,
  samples: [],
  ...more,
});

const conflict = (winner: string, loser: string): Ran['samples'][number] => ({
  space: 'a list' as Ran['samples'][number]['space'],
  record: `items/1`,
  kind: 'edit-edit',
  open: true,
  winner,
  loser,
});

function pageOf(...reports: readonly SeedReport[]): string {
  const tally = new Tally();
  for (const report of reports) tally.add(report);
  const asked = reports.length;
  const at = new Date(Date.UTC(2026, 5, 1, 12, 30));
  return reportPage({ tally, from: 1, asked, jobs: 2, points: POINTS, ms: 2000, at });
}

describe('the report of a run', () => {
  it('[SI25] needs nothing from anywhere else', () => {
    const page = pageOf(ran(1), { kind: 'lost', seed: 2, why: 'died with SIGKILL' });
    expect(page).not.toMatch(/<(?:script|link|img|iframe)|@import|url\(|https?:/);
    expect(page).toContain('name="viewport"');
    expect(page).toContain('prefers-color-scheme: dark');
  });

  it('[SI25] has what was run, how fast, and which faults fired', () => {
    const page = pageOf(ran(1), ran(2));
    expect(page).toContain('2 seeds passed');
    expect(page).toContain('200 a second');
    expect(page).toContain('2026-06-01 12:30 UTC');
    expect(page).toMatch(/request dropped<[^]*14 <small>in 100 % of seeds/);
    expect(page).toMatch(/class="never"[^]*power cut<[^]*0 <small>never/);
  });

  it('[SI25] shows both sides of conflicts, histories, and failures with what is left of theirs', () => {
    const violation = { promise: 'P4', what: 'a value is gone', step: 12 };
    const page = pageOf(
      ran(1, {
        samples: [conflict('oats', 'rye')],
        history: ['1 puts', '2 cuts'],
      }),
      ran(2, { violation, shrunken: ['1 puts'] }),
    );
    expect(page).toContain('1 of 2 seeds failed');
    expect(page).toMatch(/oats[^]*rye/);
    expect(page).toContain('1 puts\n2 cuts');
    expect(page).toMatch(/Seed 2: promise P4 is broken[^]*a value is gone[^]*step 12/);
  });

  it('[SI25] shows what was written as it was written: no text in it is HTML', () => {
    const bad = '</pre><script>alert("&")</script>';
    const page = pageOf(
      ran(1, {
        history: [bad],
        samples: [conflict(bad, bad)],
      }),
      { kind: 'lost', seed: 2, why: bad },
    );
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;/pre&gt;&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;');
  });
});
