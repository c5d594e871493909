/**
 * One at a time over all contexts of the origin, worker and pages alike. By Web Locks, which the
 * browser frees when a context is gone; by a lease where it has none, at a plain http address. A
 * context that was frozen holding it (a phone suspends the tabs behind) would keep all others
 * waiting: who waits calls it, and takes over from one that does not answer.
 */
import type { Locks } from '../engine/ports.ts';
import { createIdbLeases } from './idb-leases.ts';
import { leaseLocks } from './lease-locks.ts';
import { createRollCall } from './roll-call.ts';
import { webLocks } from './web-locks.ts';

/** Locks under names that begin with `prefix`. */
export function deviceLocks(prefix: string): Locks {
  const rollCall = createRollCall(`${prefix}-locks`);
  // Of secure contexts only, whatever the types say.
  const manager = (navigator as { readonly locks?: LockManager }).locks;
  const named = manager
    ? webLocks({ manager, rollCall })
    : leaseLocks({ leases: createIdbLeases(`${prefix}-leases`), rollCall });
  return { exclusive: (name, work) => named.exclusive(`${prefix}:${name}`, work) };
}
