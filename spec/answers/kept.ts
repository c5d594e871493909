/** What several words assert: that nothing changed, that the same goes again, what was set aside. */
import { expect } from 'vitest';
import type { PushRequest } from '../../core/index.ts';
import type { SetAside } from '../../sw/engine/ports.ts';
import { opsIn, partOf, type Told } from './cell.ts';
import type { Facts } from './phases.ts';

/** Nothing of the replica is another one than before, but for clocks given to rows. */
export function expectKept({ before, after }: Told): void {
  const kept = ({ status, row, outbox }: Facts) => ({
    pending: row.pending,
    setAside: status.setAside,
    behind: status.behind,
    access: row.access,
    actor: row.actor,
    cursor: row.cursor,
    digest: row.digest,
    epoch: row.epoch,
    create: row.create,
    acked: row.progress.acked,
    folded: row.progress.folded,
    turn: row.turn,
    selves: row.selves,
    rebuilt: row.rebuilt,
    payloads: outbox.map(({ payloads, base, at }) => ({ payloads, base, at })),
  });
  expect(kept(after)).toEqual(kept(before));
}

/** What was tried goes again: the same ops, byte for byte. */
export function expectSame({ scene, pushes }: Told, next: PushRequest | undefined): void {
  expect(next).toBeDefined();
  expect(opsIn(scene, next)).toEqual(opsIn(scene, pushes[0]));
  // In doubt own ops are not named but sent back, to be looked at.
  const [asked, first] = [partOf(scene, next), partOf(scene, pushes[0])];
  expect({ ...asked, have: undefined }).toEqual({ ...first, have: undefined });
}

export async function codesAside({ scene }: Told): Promise<string[]> {
  const all = (await scene.device.table('_aside').toArray()) as SetAside[];
  return all.map(({ code }) => code);
}

export const payloadsIn = ({ scene }: Told, push: PushRequest | undefined) =>
  opsIn(scene, push).map((op) => ('payload' in op ? op.payload : op.clock));
