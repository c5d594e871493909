/**
 * What the engine does about pokes: one after the other, each when no exchange is under way, since
 * that may bring the same and its answer counts only at the cursor that it was asked for.
 */
import type { Poke } from '../../core/index.ts';
import type { Absorbed } from './absorb.ts';
import type { Ports } from './ports.ts';
import { takePoke } from './take-poke.ts';

export interface PokeHooks {
  /** Resolves when the exchanges of this moment are over. */
  quiet(): Promise<unknown>;
  onAbsorbed(absorbed: Pick<Absorbed, 'applied' | 'outcomes'>): Promise<void>;
  /** There is something to ask for. */
  onNews(): void;
}

/** Returns what takes a poke in; it never rejects. */
export function createPokeHearing(ports: Ports, hooks: PokeHooks): (poke: Poke) => Promise<void> {
  let last: Promise<void> = Promise.resolve();

  async function hear(poke: Poke): Promise<void> {
    await hooks.quiet();
    try {
      const { absorbed, more } = await takePoke(ports, poke);
      if (absorbed) await hooks.onAbsorbed(absorbed);
      if (more) hooks.onNews();
    } catch {
      // Whatever it was, an exchange meets it too, and says what is wrong.
      hooks.onNews();
    }
  }

  return (poke) => (last = last.then(() => hear(poke)));
}
