/** Ops that were set aside, and that the person does not want any more. */
import type { OpRef } from '../../core/index.ts';
import { configured } from './app-config.ts';
import type { Ports } from './ports.ts';

/** Nothing else remembers them. Those that are gone already are no fault. */
export async function discard(ports: Ports, ops: readonly OpRef[]): Promise<void> {
  await configured(ports);
  await ports.store.write((tx) => tx.removeAside(ops));
}
