/** What `npm run simulate` is asked for, or one line that says what is wrong with it. Pure. */
import { parseArgs } from 'node:util';

/** Many seeds, told in numbers. */
export interface ManySeeds {
  readonly kind: 'many';
  readonly from: number;
  readonly seeds: number;
  readonly jobs: number;
  /** Where the report of the run is to be written. */
  readonly report?: string;
}

/** One seed, told in full. */
export interface OneSeed {
  readonly kind: 'one';
  readonly seed: number;
}

/** The table of known-bad changes, or one of it by name. */
export interface KnownBadRun {
  readonly kind: 'known-bad';
  readonly name?: string;
  readonly jobs: number;
}

export type Asked = ManySeeds | OneSeed | KnownBadRun;

export type Arguments =
  | { readonly ok: true; readonly asked: Asked }
  | { readonly ok: false; readonly why: string };

const WITH_VALUE = ['seeds', 'from', 'jobs', 'seed', 'report'] as const;
const USUAL_SEEDS = 1000;
const MOST = 2 ** 32 - 1;

/** `cores`: how many processes there are if nobody says. */
export function readArguments(args: readonly string[], cores: number): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      ...Object.fromEntries(WITH_VALUE.map((name) => [name, { type: 'string' as const }])),
      'known-bad': { type: 'boolean' as const },
    },
    strict: false,
    allowPositionals: true,
  });
  const known: readonly string[] = [...WITH_VALUE, 'known-bad'];
  for (const name of Object.keys(values)) {
    if (!known.includes(name)) return wrong(`--${name} is not known; known are ${listed(known)}`);
  }
  for (const name of WITH_VALUE) {
    if (typeof values[name] === 'boolean') return wrong(`--${name} needs a value`);
  }
  const asked = wantedOf(values as Values, positionals, cores);
  return typeof asked === 'string' ? wrong(asked) : { ok: true, asked };
}

type Values = Readonly<Partial<Record<(typeof WITH_VALUE)[number], string>>> & {
  readonly 'known-bad'?: boolean;
};

function wantedOf(
  { report, ...values }: Values,
  positionals: readonly string[],
  cores: number,
): Asked | string {
  const numbers = { seeds: USUAL_SEEDS, from: 1, jobs: cores, seed: 0 };
  for (const name of ['seeds', 'from', 'jobs', 'seed'] as const) {
    const text = values[name];
    if (text === undefined) continue;
    const least = name === 'seeds' || name === 'jobs' ? 1 : 0;
    const number = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
    if (!(number >= least && number <= MOST)) return `--${name} is a whole number from ${least}`;
    numbers[name] = number;
  }
  const { seeds, from, jobs, seed } = numbers;
  const isKnownBad = values['known-bad'] ?? false;
  const [name, ...more] = positionals;
  if ((name !== undefined && !isKnownBad) || more.length > 0) {
    return `${more[0] ?? name} has no option before it`;
  }
  const isOne = values.seed !== undefined;
  const hasMany = values.seeds !== undefined || values.from !== undefined || report !== undefined;
  if (isOne && isKnownBad) return '--seed and --known-bad are two things';
  if ((isOne || isKnownBad) && hasMany) {
    return `--seeds, --from and --report do not go with --${isOne ? 'seed' : 'known-bad'}`;
  }
  if (isOne) return { kind: 'one', seed };
  if (isKnownBad) return { kind: 'known-bad', jobs, ...(name !== undefined && { name }) };
  if (from + seeds - 1 > MOST) return `the last seed is ${MOST}`;
  return { kind: 'many', from, seeds, jobs, ...(report !== undefined && { report }) };
}

const wrong = (why: string): Arguments => ({ ok: false, why });
const listed = (names: readonly string[]): string => names.map((name) => `--${name}`).join(' ');
