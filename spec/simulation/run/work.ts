/** One process of a run: takes errands from its parent and runs them, one after the other. */
import { FAULT_POINTS, shrink, simulate } from '../simulate.ts';
import type { Errand, FromWorker, Ran, SeedReport } from './seed-report.ts';

const SAMPLES = 2;

process.on('message', (errand: Errand) => void perform(errand).then(tell));
// Whoever asked is gone: what is found now would be told to nobody.
process.on('disconnect', () => process.exit());
tell({ kind: 'ready', points: FAULT_POINTS });

function tell(message: FromWorker): void {
  process.send?.(message);
}

async function perform({ seed, shrinks, tellsHistory }: Errand): Promise<SeedReport> {
  const begun = performance.now();
  try {
    const { history, conflicts, plan: _, ...result } = await simulate(seed);
    const ran: Ran = {
      ...result,
      kind: 'ran',
      ms: Math.round(performance.now() - begun),
      conflicts: conflicts.length,
      samples: conflicts.slice(0, SAMPLES),
      ...(tellsHistory && { history }),
    };
    if (!result.violation || !shrinks) return ran;
    tell({ kind: 'shrinking' });
    return { ...ran, shrunken: (await shrink(seed)).history };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'lost', seed, why: `threw ${text}` };
  }
}
