/** How many ops the next request carries, after one was refused whole or took too long. Pure. */
import type { Failure } from './failure.ts';
import type { Limits } from './limits.ts';

/** After a time-out: half as many, and never none. */
export const afterTimeout = (carried: number): number => Math.max(1, Math.floor(carried / 2));

/** After a request went through: twice as many, up to no bound (undefined) where the limits allow it. */
export const afterSuccess = (most: number, limits: Limits): number | undefined =>
  most * 2 >= limits.opsPerSpace ? undefined : Math.max(1, most * 2);

/** Whether the request may be at fault as a whole, so that a part of it could go through. */
export const isSplittable = (failure: Failure): boolean =>
  failure.kind === 'refused' && (failure.code === 'too_large' || failure.code === 'bad_request');
