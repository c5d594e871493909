/** What a poke is worth to a replica: pure, so that everything it must not do is seen in one place. */
import type { ActorId, Epoch, Seq } from './ids.ts';
import { PAYLOAD_VERSIONS } from './payload.ts';
import type { Turn } from './turn.ts';
import type { Poke } from './wire.ts';

/** How the replica of the poke's space stands. */
export interface Follower {
  readonly actor: ActorId;
  readonly epoch?: Epoch;
  readonly cursor: Seq;
  readonly digest: string;
  readonly followed: boolean;
  readonly trouble?: string;
  readonly tooNew?: number;
  readonly turn?: Turn;
}

export type PokeWorth =
  /** All that it tells of is folded here. */
  | 'known'
  /** Its ops come next in the log that is folded here. */
  | 'follows'
  /** It is a hint that there is something to ask for. */
  | 'hint';

export function weighPoke(poke: Poke, here: Follower | undefined): PokeWorth {
  if (!here || here.epoch !== poke.epoch) return 'hint';
  if (poke.head <= here.cursor) return 'known';
  return isSound(here) && doFollow(poke, here) ? 'follows' : 'hint';
}

/** What stands in the way of a replica is for an answer of the server to clear. */
const isSound = ({ followed, trouble, tooNew, turn }: Follower): boolean =>
  followed && trouble === undefined && tooNew === undefined && turn === undefined;

/**
 * Own ops are left to the answer, which says beside them what of ours was refused: folded without that,
 * those before them would count as lost.
 */
function doFollow({ ops = [], before, head }: Poke, { actor, cursor, digest }: Follower): boolean {
  return (
    ops.length > 0 &&
    before === digest &&
    cursor + ops.length === head &&
    ops.every(
      (op, i) => op.seq === cursor + i + 1 && op.actor !== actor && PAYLOAD_VERSIONS.includes(op.v),
    )
  );
}
