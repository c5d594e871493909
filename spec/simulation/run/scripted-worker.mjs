/** Stands in for the simulation where the runner itself is tested: what a seed does is in its number. */
import { setTimeout } from 'node:timers/promises';

/** @typedef {import('./seed-report.ts').Errand} Errand */

const points = ['request-dropped', 'power-cut', 'disk-full'];

process.on('message', (/** @type {Errand} */ errand) => void perform(errand));
process.on('disconnect', () => process.exit());
if (process.env['SCRIPTED_START'] === 'dies') throw new Error('no such module');
process.send?.({ kind: 'ready', points });

/** @param {Errand} errand */
async function perform({ seed, shrinks, tellsHistory }) {
  // Behind the thousandth seed all is well, and no disk is ever full.
  const end = seed > 1000 ? 0 : seed % 100;
  if (end === 13) process.kill(process.pid, 'SIGKILL');
  if (end === 14) return setTimeout(2 ** 30);
  if (end === 15) throw new Error('a promise that nobody waited for');
  if (end === 16) return process.send?.({ kind: 'lost', seed, why: 'threw Error: in its midst' });
  if (end === 18 && shrinks) process.send?.({ kind: 'shrinking' });
  process.send?.({
    kind: 'ran',
    seed,
    ms: 1 + end,
    // Where its disks would be, so that a test can look there.
    hash: end === 20 ? String(process.env['OFFING_SIMULATION_DISK']) : `hash-${seed}`,
    ops: 200,
    steps: 900,
    devices: 4,
    faults: {
      'request-dropped': 3,
      'power-cut': seed % 2,
      'disk-full': seed > 1000 ? 0 : 1,
    },
    conflicts: 5,
    samples: [
      {
        kind: 'edit-edit',
        record: 'items/1/title',
        winner: '{"title":"<b>oats</b>"}',
        loser: '{"title":"rye"}',
      },
    ],
    ...(tellsHistory && { history: ['1 device 0 puts <i>oats</i>', '2 power cut'] }),
    ...(end === 18 && { violation: { promise: 'P4', what: 'a value is "gone" & lost', step: 7 } }),
    ...(end === 18 && shrinks && { shrunken: ['1 device 0 puts oats'] }),
  });
}
