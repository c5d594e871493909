/**
 * How far each space's log had come in what the page shows: a write carries it, for what its author
 * had not seen is concurrent. Also where a missed notice is noticed. Pure bookkeeping.
 */
import { FIRST_SEQ, type Seq, type SpaceId } from '../../core/index.ts';
import type { Applied } from './api.ts';

type Seqs = Readonly<Record<SpaceId, Seq>>;
type Rebuilt = Readonly<Record<SpaceId, number>>;

/** Seqs, and by how often each space had been built anew from another history when they were heard. */
export interface View {
  readonly seen: Seqs;
  readonly rebuilt: Rebuilt;
}

export class Seen {
  #seqs = new Map<SpaceId, Seq>();
  #rebuilt: Rebuilt = {};
  #isKnown = false;

  /** The view of these spaces, or of all; undefined before the first catch-up. */
  view(spaces?: ReadonlySet<string>): View | undefined {
    if (!this.#isKnown) return undefined;
    const wanted = [...this.#seqs].filter(([space]) => !spaces || spaces.has(space));
    return { seen: Object.fromEntries(wanted), rebuilt: this.#rebuilt };
  }

  /** Takes in a notice; false if it does not follow on what is known, so that some were missed. */
  follow({ space, from, to }: Applied): boolean {
    if (from !== (this.#seqs.get(space) ?? FIRST_SEQ) + 1) return false;
    this.#seqs.set(space, to);
    return true;
  }

  /**
   * Takes in where the host stands; true if notices had been missed. `before` is the view at the time
   * of asking: a space whose notices came in meanwhile may be further than the answer says.
   */
  catchUp(now: View, before: View | undefined): boolean {
    const seqs = new Map(Object.entries(now.seen) as [SpaceId, Seq][]);
    let missed = false;
    for (const [space, cursor] of seqs) {
      const known = this.#seqs.get(space);
      const isAnother = this.#rebuilt[space] !== now.rebuilt[space];
      const moved = known !== undefined && known !== before?.seen[space];
      if (moved && known > cursor && !isAnother) seqs.set(space, known);
      else if (known !== cursor || isAnother) missed = this.#isKnown;
    }
    this.#seqs = seqs;
    this.#rebuilt = now.rebuilt;
    this.#isKnown = true;
    return missed;
  }
}
