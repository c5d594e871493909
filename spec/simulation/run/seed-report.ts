/** What a process tells of one seed, and how the two ends of it speak. */
import type { FaultPoint, ConflictFound, SimulationResult } from '../simulate.ts';

/** A seed that was run to its end, or to the first promise that was broken. */
export interface Ran {
  readonly kind: 'ran';
  readonly seed: number;
  readonly ms: number;
  readonly hash: string;
  readonly ops: number;
  readonly steps: number;
  readonly devices: number;
  readonly faults: Readonly<Record<FaultPoint, number>>;
  /** How many conflicts there were, and some of them. */
  readonly conflicts: number;
  readonly samples: readonly ConflictFound[];
  /** One line a step: only where it was asked for. */
  readonly history?: readonly string[];
  readonly violation?: NonNullable<SimulationResult['violation']>;
  /** What is left of the history of a violation when all is cut that it does not need. */
  readonly shrunken?: readonly string[];
}

/** A seed whose process died, threw, or made no progress: that is a failure of the seed. */
export interface Lost {
  readonly kind: 'lost';
  readonly seed: number;
  readonly why: string;
}

export type SeedReport = Ran | Lost;

export const hasFailed = (report: SeedReport): boolean =>
  report.kind === 'lost' || report.violation !== undefined;

/** What a process is asked to run. */
export interface Errand {
  readonly seed: number;
  /** Whether a failure is to be cut down, which takes as long as many seeds. */
  readonly shrinks: boolean;
  readonly tellsHistory: boolean;
}

export type FromWorker =
  /** It is there, and these are the faults that it can cause. */
  | { readonly kind: 'ready'; readonly points: readonly FaultPoint[] }
  /** The seed has failed, and is being cut down. */
  | { readonly kind: 'shrinking' }
  | SeedReport;
