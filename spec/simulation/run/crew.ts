/**
 * Runs seeds in several processes. One that dies, or makes no progress, fails the seed that it was
 * at, and another takes its place: a run ends with a word on each of its seeds.
 *
 *   seeds ─► errand ─► process ─┬─ a report ──────────► next seed
 *                               └─ gone, or silent ───► the seed is lost, a new process, next seed
 */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DISK_ROOM, diskRoom } from '../disk-room.ts';
import type { FaultPoint } from '../simulate.ts';
import type { Errand, FromWorker, SeedReport } from './seed-report.ts';

export interface CrewOptions {
  /** What the processes run. */
  readonly bundle: string;
  readonly jobs: number;
  readonly errands: Iterable<Errand>;
  /** How long a process may take. */
  readonly patience: Patience;
  readonly onReport: (report: SeedReport) => void;
  /** Ends the run where it is. */
  readonly signal?: AbortSignal;
}

/** In ms: until it has begun, for a seed, and for cutting one down. */
export interface Patience {
  readonly begin: number;
  readonly seed: number;
  readonly shrinking: number;
}

/** A seed takes less than a second of an idle machine, and machines are rarely idle. */
export const USUAL_PATIENCE: Patience = { begin: 60_000, seed: 120_000, shrinking: 600_000 };

/** The simulation could not even begin: that is no failure of a seed. */
export class NotBegunError extends Error {
  override readonly name = 'NotBegunError';
}

/** Returns the fault points that the simulation has. */
export async function runCrew(options: CrewOptions): Promise<readonly FaultPoint[]> {
  const errands = options.errands[Symbol.iterator]();
  const giveUp = new AbortController();
  const signal = AbortSignal.any([giveUp.signal, ...(options.signal ? [options.signal] : [])]);
  // A process that is ended in the middle leaves its disk behind.
  const disks = mkdtempSync(join(diskRoom(), 'offing-crew-'));
  const lanes = Array.from({ length: options.jobs }, () =>
    runLane({ ...options, signal, disks }, errands),
  );
  try {
    const points = await Promise.all(lanes);
    return points.find((found) => found.length > 0) ?? [];
  } finally {
    giveUp.abort();
    await Promise.allSettled(lanes);
    rmSync(disks, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Lane extends CrewOptions {
  readonly signal: AbortSignal;
  /** Where its processes have their disks. */
  readonly disks: string;
}

/** One process after the other, until there is nothing more to run. */
async function runLane(
  { onReport, ...lane }: Lane,
  errands: Iterator<Errand>,
): Promise<readonly FaultPoint[]> {
  let hand: Hand | undefined;
  let points: readonly FaultPoint[] = [];
  while (!lane.signal.aborted) {
    const { value: errand, done } = errands.next();
    if (done) break;
    hand ??= await takeOn(lane);
    points = hand.points;
    const report = await hand.run(errand);
    if (lane.signal.aborted) break;
    onReport(report);
    if (!hand.isFit()) hand = undefined;
  }
  hand?.dismiss();
  return points;
}

interface Hand {
  readonly points: readonly FaultPoint[];
  run(errand: Errand): Promise<SeedReport>;
  /** Whether it can be given another errand. */
  isFit(): boolean;
  dismiss(): void;
}

type Heard =
  | { readonly kind: 'message'; readonly message: FromWorker }
  | { readonly kind: 'gone'; readonly why: string }
  | { readonly kind: 'silent' };

async function takeOn({ bundle, patience, signal, disks }: Omit<Lane, 'onReport'>): Promise<Hand> {
  // A run makes much and keeps little of it: a roomy nursery spares a quarter of the time.
  const execArgv = ['--max-semi-space-size=256'];
  const env = { ...process.env, [DISK_ROOM]: disks };
  const child = fork(bundle, { env, execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  const ear = listenTo(child);
  const dismiss = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', dismiss, { once: true });
  child.once('exit', () => signal.removeEventListener('abort', dismiss));

  const begun = await ear.next(patience.begin);
  if (begun.kind !== 'message' || begun.message.kind !== 'ready') {
    dismiss();
    const why = begun.kind === 'gone' ? begun.why : 'says nothing';
    throw new NotBegunError(`a process of the simulation ${why}`);
  }
  const { points } = begun.message;

  async function run(errand: Errand): Promise<SeedReport> {
    const lost = (why: string): SeedReport => ({ kind: 'lost', seed: errand.seed, why });
    if (ear.isOpen()) child.send(errand);
    for (let ms = patience.seed; ; ms = patience.shrinking) {
      const heard = await ear.next(ms);
      if (heard.kind === 'gone') return lost(heard.why);
      if (heard.kind === 'silent') {
        dismiss();
        return lost(`made no progress for ${ms / 1000} s`);
      }
      const { message } = heard;
      if (message.kind === 'ran' || message.kind === 'lost') return message;
    }
  }

  return { points, run, isFit: ear.isOpen, dismiss };
}

/** What a process says, one thing after the other; the last thing is that it is gone. */
function listenTo(child: ChildProcess) {
  const heard: Heard[] = [];
  let wake: (() => void) | undefined;
  let isOpen = true;
  let lastWords = '';
  const hear = (one: Heard) => {
    heard.push(one);
    wake?.();
  };
  child.stderr?.on('data', (text: Buffer) => (lastWords = (lastWords + String(text)).slice(-4000)));
  child.on('message', (message: FromWorker) => hear({ kind: 'message', message }));
  const end = (why: string) => {
    if (!isOpen) return;
    isOpen = false;
    const words = lastWords.trim();
    hear({ kind: 'gone', why: words ? `${why}\n${words}` : why });
  };
  child.on('error', (error) => end(`could not be run: ${error.message}`));
  // After its streams are read to the end, so that its last words are heard.
  child.on('close', (code, signal) => end(`died with ${signal ?? `code ${code}`}`));

  /** `silent` after `ms` without a word. */
  async function next(ms: number): Promise<Heard> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    if (heard.length === 0 && isOpen) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        timer = setTimeout(resolve, ms);
      });
    }
    clearTimeout(timer);
    wake = undefined;
    const gone: Heard = { kind: 'gone', why: 'is gone' };
    const first = heard.shift() ?? (isOpen ? ({ kind: 'silent' } as const) : gone);
    if (first.kind === 'silent') isOpen = false;
    return first;
  }

  return { next, isOpen: () => isOpen };
}
