/** `npm run simulate -- --known-bad`: each known-bad change must be caught; then its page is written anew. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KnownBadRun } from '../run/arguments.ts';
import { folderForBundles, root } from '../run/bundle.ts';
import type { Surroundings } from '../run/run-many.ts';
import { KNOWN_BAD } from './all.ts';
import { catchOne, type Verdict } from './catch.ts';
import type { KnownBad } from './known-bad.ts';
import { knownBadPage, type CaughtTable } from './table.ts';

/** Returns whether all that were asked for were caught. */
export async function runKnownBad(
  { name, jobs }: KnownBadRun,
  { tell, signal }: Omit<Surroundings, 'bundle'>,
): Promise<boolean> {
  const changes = KNOWN_BAD.filter((bad) => name === undefined || bad.name === name);
  if (changes.length === 0) {
    tell(`${name} is no known-bad change; there are ${KNOWN_BAD.map((bad) => bad.name).join(' ')}`);
    return false;
  }
  const verdicts = new Map<string, Verdict>();
  await catchAll(changes, {
    jobs,
    ...(signal && { signal }),
    onVerdict(bad, verdict) {
      verdicts.set(bad.name, verdict);
      tell(lineOf(bad, verdict));
    },
  });
  const caught = changes.flatMap(({ name: key }) => {
    const verdict = verdicts.get(key);
    if (verdict?.kind !== 'caught') return [];
    return [[key, { seeds: verdict.seeds, said: verdict.said }] as const];
  });
  if (name === undefined && caught.length === KNOWN_BAD.length)
    writePage(Object.fromEntries(caught));
  const left = changes.length - verdicts.size;
  if (left > 0) tell(`stopped with ${left} of ${changes.length} to go`);
  tell(`${caught.length} caught, ${verdicts.size - caught.length} missed`);
  return caught.length === changes.length;
}

export interface Catching {
  /** How many are run at a time. */
  readonly jobs: number;
  /** The seeds that noticed them before: tried before the others. */
  readonly before?: CaughtTable;
  readonly signal?: AbortSignal;
  readonly onVerdict: (bad: KnownBad, verdict: Verdict) => void;
}

export async function catchAll(
  changes: readonly KnownBad[],
  { jobs, before = {}, signal, onVerdict }: Catching,
): Promise<void> {
  const folder = folderForBundles();
  const queue = changes.values();
  const lane = async () => {
    for (const bad of queue) {
      if (signal?.aborted) return;
      const first = before[bad.name]?.seeds;
      const around = {
        folder: join(folder, bad.name),
        ...(first !== undefined && { first }),
        ...(signal && { signal }),
      };
      const verdict = await catchOne(bad, around).catch((error: unknown): Verdict => ({
        kind: 'missed',
        why: String(error),
      }));
      if (!signal?.aborted) onVerdict(bad, verdict);
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, lane));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lineOf({ name }: KnownBad, verdict: Verdict): string {
  if (verdict.kind === 'missed') return `MISSED ${name}: ${verdict.why}`;
  const by = verdict.seeds > 0 ? `seed ${verdict.seeds}` : 'its test';
  return `caught ${name} by ${by}: ${verdict.said}`;
}

const PAGE = 'docs/known-bad.md';
const CAUGHT = 'spec/simulation/known-bad/caught.json';

function writePage(caught: CaughtTable): void {
  writeFileSync(join(root, CAUGHT), `${JSON.stringify(caught, null, 2)}\n`);
  writeFileSync(join(root, PAGE), knownBadPage(KNOWN_BAD, caught));
}
