/**
 * The plan of a run: a list of decisions made of the seed alone. What a decision meets when its turn
 * comes it finds out then, so that any of them can be left out and the rest is still a run.
 */
import { randomFrom } from '../support/random.ts';

export const WORKS = [
  'write',
  'type',
  'batch',
  'bulk',
  'move',
  'resolve',
  'again',
  'discard',
  'oversize',
  'ring',
  'wake',
  'flow',
  'pass',
  'connect',
] as const;
export const TROUBLES = [
  'link',
  'kill',
  'kill-in-step',
  'power-cut',
  'disk',
  'clock',
  'weeks',
  'pause',
  'resume',
  'update',
  'revoke',
  'server-dies',
  'server-trouble',
  'backup',
  'restore',
  'clone',
  'keep-profile',
  'roll-back',
  'access',
  'delete-space',
  'take-over',
  'lose-replica',
  'start-anew',
  'session-trouble',
  'age',
  'server-clock',
  'damage-snapshot',
] as const;
export type DecisionKind = (typeof WORKS)[number] | (typeof TROUBLES)[number];

export interface Decision {
  readonly kind: DecisionKind;
  readonly device: number;
  /** What its own choices are made of. */
  readonly r: number;
}

const WEIGHTS: Readonly<Record<DecisionKind, number>> = {
  write: 34,
  type: 7,
  batch: 8,
  bulk: 14,
  move: 6,
  resolve: 7,
  again: 3,
  discard: 2,
  oversize: 3,
  ring: 26,
  wake: 4,
  flow: 12,
  pass: 6,
  connect: 3,
  link: 18,
  kill: 3,
  'kill-in-step': 4,
  'power-cut': 2,
  disk: 4,
  clock: 2,
  weeks: 1,
  pause: 1,
  resume: 2,
  update: 0,
  revoke: 1,
  'server-dies': 4,
  'server-trouble': 2,
  backup: 1.5,
  restore: 1.5,
  clone: 1.5,
  'keep-profile': 1.5,
  'roll-back': 1.5,
  access: 2,
  'delete-space': 0.2,
  'take-over': 1.5,
  'lose-replica': 0,
  'start-anew': 0,
  'session-trouble': 0,
  age: 0,
  'server-clock': 0,
  'damage-snapshot': 0,
};

/** What is otherwise in the rough ones of the runs. */
const ROUGH: Partial<Record<DecisionKind, number>> = {
  link: 24,
  update: 0.4,
  'lose-replica': 0.6,
  'start-anew': 0.4,
  'session-trouble': 1.5,
  age: 4,
  'server-clock': 1,
  'damage-snapshot': 2,
};

/**
 * Every other seed is rougher, with devices that listen to pokes, lose their replicas and have older apps.
 * Where all that is mixed into each run there is less of everything, and a poke brings at once what
 * otherwise an answer brings late.
 */
export const isRough = (seed: number): boolean => seed % 2 === 0;

/** Which histories become two in a run: of devices that are copied or put back, of a server put back. */
export const THEMES = ['one history', 'copied devices', 'restored servers', 'both'] as const;
export type Theme = (typeof THEMES)[number];

const NOT_IN: Readonly<Record<Theme, readonly DecisionKind[]>> = {
  'one history': ['clone', 'keep-profile', 'roll-back', 'restore', 'backup'],
  'copied devices': ['restore', 'backup'],
  'restored servers': ['clone', 'keep-profile', 'roll-back'],
  both: [],
};

/** What is rare elsewhere, and has to meet what a theme is about: often enough for a few seeds to see it. */
const MORE_IN: Readonly<Record<Theme, Partial<Record<DecisionKind, number>>>> = {
  'one history': {},
  'copied devices': { clone: 5, 'keep-profile': 5, 'roll-back': 5, oversize: 9 },
  'restored servers': { backup: 4, restore: 4 },
  both: {},
};

/** The decisions of a seed, without end: who runs them says when it is enough. */
export function* planOf(seed: number, devices: number, theme: Theme): Generator<Decision> {
  const random = randomFrom(seed);
  const left = new Set(NOT_IN[theme]);
  const weights = { ...WEIGHTS, ...(isRough(seed) && ROUGH), ...MORE_IN[theme] };
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  for (;;) {
    let at = random.below(total * 10) / 10;
    const found = (Object.keys(weights) as DecisionKind[]).find((one) => (at -= weights[one]) < 0);
    const kind = found === undefined || left.has(found) ? 'write' : found;
    yield { kind, device: random.below(devices), r: random.below(2 ** 30) };
  }
}
