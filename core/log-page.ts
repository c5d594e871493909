/** The pages of a log that a device which is behind reads one after the other, ahead of what it has folded. */
import type { Epoch, Seq, SpaceId } from './ids.ts';
import type { AnsweredOp, Poke, PushAnswer, PushRequest } from './wire.ts';

/** A place between two ops of a log: behind `since`, where the chain is `digest`. */
export interface LogPlace {
  readonly space: SpaceId;
  readonly since: Seq;
  readonly epoch: Epoch;
  readonly digest: string;
}

export interface LogPage {
  /** What is on it, as a poke brings it: its `head` is its own last op. */
  readonly poke: Poke;
  /** Where the next begins, if there is one. */
  readonly next?: LogPlace;
}

type SpacePart = NonNullable<PushAnswer['spaces'][SpaceId]>;

/** The first place at which an answer was cut that brought ops: of one that brought acks alone there is none. */
export function placeBehind(request: PushRequest, answer: PushAnswer): LogPlace | undefined {
  for (const [space, part] of Object.entries(answer.spaces) as [SpaceId, SpacePart][]) {
    const place = request.spaces[space] && endOfPart(space, part);
    if (place) return place;
  }
  return undefined;
}

/** The page that begins at `from`, if it is one: with ops, all of them whole, of the same log. */
export function pageFrom(from: LogPlace, { spaces }: PushAnswer): LogPage | undefined {
  const part = spaces[from.space];
  if (!part || 'error' in part || part.epoch !== from.epoch) return undefined;
  const ops = part.ops.filter(isWhole);
  const last = ops.at(-1);
  if (!last || ops.length < part.ops.length) return undefined;
  const { space, epoch, digest: before } = from;
  const next = endOfPart(space, part);
  return {
    poke: { space, epoch, head: last.seq, ops, before, digest: part.digest },
    ...(next && { next }),
  };
}

function endOfPart(space: SpaceId, part: SpacePart): LogPlace | undefined {
  if ('error' in part || !part.more) return undefined;
  const last = part.ops.at(-1);
  return last && { space, since: last.seq, epoch: part.epoch, digest: part.digest };
}

type WholeOp = NonNullable<Poke['ops']>[number];

const isWhole = (op: AnsweredOp): op is AnsweredOp & WholeOp =>
  op.base !== undefined && op.payload !== undefined;
