/**
 * P2: what has left a device under a clock never leaves it as another op, for the first may be in the
 * log. Of copies of a database it is expected: then the clock is one's, and the other gets a new one.
 */
import type { PushRequest, SpaceId } from '../../core/index.ts';
import { Violation } from './faults.ts';
import type { SentRequest } from './network.ts';
import { markOf } from './words.ts';
import type { World } from './world.ts';

export function watchSent({ faults, sent }: World, request: SentRequest): void {
  if (faults['device-cloned'] + faults['device-rolled-back'] > 0) return;
  for (const [, { actor, ops = [] }] of pushedIn(request)) {
    for (const op of ops) {
      const mark = 'void' in op ? undefined : markOf(op.payload);
      if (mark === undefined) continue;
      const name = `${actor}:${op.clock}`;
      const before = sent.get(name) ?? mark;
      if (before !== mark) throw new Violation('P2', `${name} was ${before}, and is ${mark}`);
      sent.set(name, mark);
    }
  }
}

type Pushed = NonNullable<PushRequest['spaces'][SpaceId]>;

/** What a push asks and carries, by space. */
export function pushedIn({ url, body }: SentRequest): (readonly [SpaceId, Pushed])[] {
  if (!url.endsWith('/sync/push')) return [];
  const { spaces } = JSON.parse(body ?? '') as PushRequest;
  return Object.entries(spaces) as [SpaceId, Pushed][];
}
