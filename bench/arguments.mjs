/** What the bench was asked for on its command line. */
import { parseArgs } from 'node:util';

export const WORKLOADS = /** @type {const} */ ([
  'W1',
  'W2',
  'W3',
  'W4',
  'W5',
  'W6',
  'W7',
  'W8',
  'W9',
]);

export const USAGE = `npm run bench       figures in some minutes
npm run bench:full  the same at the sizes that are published; takes an hour or more
npm run bench:page  docs/performance.md and its plots from a result

  --only W1,W4         some of the workloads
  --peers rxdb,yjs     these peers, or all (quickly only a few are measured; Offing and the limits always)
  --no-peers           none of them; nothing is installed
  --alone              only the peers, for who writes an adapter
  --runs 5             of each
  --scale quick|full|tiny
  --results FILE       where the result is written, and read from by bench:page
  --page FILE          the page that bench:page writes`;

export class UsageError extends Error {
  /** @override */
  name = 'UsageError';
}

/** @typedef {'tiny' | 'quick' | 'full'} ScaleName */
/** @typedef {{ scale: ScaleName, runs: number | undefined, only: readonly string[], peers: readonly string[] | 'usual' | 'all', alone: boolean, results: string | undefined, page: string | undefined, help: boolean }} Asked */

/** @param {readonly string[]} args @returns {Asked} */
export function readArguments(args) {
  const { values } = parsed(args);
  const scale = values.scale ?? 'quick';
  if (scale !== 'tiny' && scale !== 'quick' && scale !== 'full') {
    throw new UsageError(`--scale is tiny, quick or full, not ${scale}`);
  }
  const only = listed(values.only) ?? [...WORKLOADS];
  const unknown = only.find((id) => !WORKLOADS.some((known) => known === id));
  if (unknown !== undefined) throw new UsageError(`there is no workload ${unknown}`);
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (runs !== undefined && !(Number.isInteger(runs) && runs > 0)) {
    throw new UsageError(`--runs is a number of runs, not ${values.runs}`);
  }
  return {
    scale,
    runs,
    only,
    peers: values['no-peers'] ? [] : peersIn(values.peers),
    alone: values.alone ?? false,
    results: values.results,
    page: values.page,
    help: values.help ?? false,
  };
}

/**
 * Whole numbers by their places, `otherwise` where they are left out.
 * @param {readonly string[]} args
 * @param {readonly number[]} otherwise
 * @returns {number[]}
 */
export function readCounts(args, otherwise) {
  const wrong = args.find((arg, i) => i >= otherwise.length || !/^[1-9]\d{0,8}$/.test(arg));
  if (wrong !== undefined) throw new UsageError(`a number of these is expected, not ${wrong}`);
  return otherwise.map((count, i) => Number(args[i] ?? count));
}

/**
 * Those of this process; where they are wrong it ends here, and says how it is called.
 * @param {string} usage
 * @param {readonly number[]} otherwise
 */
export function countsOrExit(usage, otherwise) {
  try {
    return readCounts(process.argv.slice(2), otherwise);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

/** @param {readonly string[]} args */
function parsed(args) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        peers: { type: 'string' },
        'no-peers': { type: 'boolean' },
        alone: { type: 'boolean' },
        runs: { type: 'string' },
        scale: { type: 'string' },
        results: { type: 'string' },
        page: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** @param {string | undefined} text @returns {readonly string[] | 'usual' | 'all'} */
const peersIn = (text) => (text === 'all' ? 'all' : (listed(text) ?? 'usual'));

/** @param {string | undefined} text */
const listed = (text) =>
  text
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
