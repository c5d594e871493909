import { availableParallelism } from 'node:os';

/** Processes for the simulations of a test run: the other half of the machine runs other tests. */
export const TEST_JOBS = Math.max(1, Math.floor(availableParallelism() / 2));
