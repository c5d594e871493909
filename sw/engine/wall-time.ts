/** The time that an op says it was written at. */
import type { Ports } from './ports.ts';

/**
 * In ms since the epoch. The wire has no time before 1970, and a device clock that is so wrong refuses no
 * write (AC9). For ops alone: what waits, waits by the clock itself, which must not stand still.
 */
export const wallTime = ({ clock }: Pick<Ports, 'clock'>): number => Math.max(0, clock.now());
