/** The simulation's one door: a run of a seed, the faults that it counts, and a failing run made small. */
export { FAULT_POINTS, type FaultCounts, type FaultPoint } from './faults.ts';
export { simulate } from './run.ts';
export type { ConflictFound, SimulationOptions, SimulationResult } from './run.ts';
export { shrink, type ShrunkHistory } from './shrink.ts';
export type { Decision } from './plan.ts';
