/** Everything that can go wrong in a run, by name. Each is counted when it really happened. */
export const FAULT_POINTS = [
  'request-dropped',
  'request-delayed',
  'request-repeated',
  'request-retried',
  'request-reordered',
  'reply-dropped',
  'reply-delayed',
  'reply-repeated',
  'reply-reordered',
  'reply-cut',
  'reply-portal',
  'poke-dropped',
  'poke-delayed',
  'stream-broken',
  'rate-limited',
  'token-expired',
  'token-revoked',
  'server-killed-before-commit',
  'server-killed-before-answer',
  'server-busy',
  'server-full',
  'server-clock-jumped',
  'server-restored',
  'server-restored-in-new-epoch',
  'access-changed',
  'space-deleted',
  'worker-killed',
  'worker-killed-in-step',
  'power-cut',
  'disk-full',
  'disk-fault',
  'disk-hung',
  'session-fault',
  'session-slow',
  'replica-lost',
  'replica-shut',
  'started-anew',
  'clock-jumped',
  'time-passed',
  'log-aged',
  'log-dropped',
  'fell-behind-the-horizon',
  'begun-from-snapshot',
  'snapshot-damaged',
  'paused',
  'app-too-old',
  'second-context',
  'lock-lost',
  'device-cloned',
  'device-rolled-back',
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

export type FaultCounts = Record<FaultPoint, number>;

export const noFaults = (): FaultCounts =>
  Object.fromEntries(FAULT_POINTS.map((point) => [point, 0])) as FaultCounts;

/** One of the ten promises of docs/reliability.md, broken. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly promise: string;

  constructor(promise: string, what: string) {
    super(what);
    this.promise = promise;
  }
}
