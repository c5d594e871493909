import type { Ports } from './ports.ts';

/** In ms since the epoch. A clock before 1970 is as wrong as any other, and no other is a fault. */
export const wallTime = ({ clock }: Pick<Ports, 'clock'>): number => Math.max(0, clock.now());
