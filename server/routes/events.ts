/** GET /sync/events: a stream of hints that something is new. */
import { Hono } from 'hono';
import { isSpaceId } from '../../core/index.ts';
import type { SpaceId } from '../../core/index.ts';
import type { Tokens } from '../auth/tokens.ts';
import type { Hub } from '../events/hub.ts';
import { eventStream } from '../events/stream.ts';
import type { PastDoor } from '../http/door.ts';
import { ProblemError } from '../http/problem.ts';

export interface EventsDeps {
  readonly hub: Hub;
  readonly tokens: Tokens;
  readonly pingEveryMs: number;
  readonly streamsPerAccount: number;
}

export const eventsRoute = ({ hub, tokens, pingEveryMs, streamsPerAccount }: EventsDeps) =>
  new Hono<PastDoor>().get('/events', (c) => {
    const { asker } = c.var;
    const spaces = spacesIn(c.req.query('spaces'));
    if (hub.countOf(asker.account) >= streamsPerAccount) throw tooMany(streamsPerAccount);
    // Nobody would read its stream, and so nobody would ever leave it: it would be held for good.
    if (c.req.method === 'HEAD') return c.body(null, 200, HEADERS);
    const stream = eventStream(hub, {
      asker,
      spaces,
      pingEveryMs,
      isRevoked: () => tokens.isRevoked(asker.token),
    });
    return c.body(stream, 200, HEADERS);
  });

const HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  // A proxy that gathers answers before it passes them on would hold every hint back.
  'X-Accel-Buffering': 'no',
};

/** Who hears this goes on polling, and finds the same. */
const tooMany = (limit: number): ProblemError =>
  new ProblemError('rate_limited', {
    detail: 'too many event streams of this account are open',
    limit,
    headers: { 'Retry-After': '30' },
  });

function spacesIn(list: string | undefined): ReadonlySet<SpaceId> | null {
  if (list === undefined) return null;
  const spaces = new Set<SpaceId>();
  for (const [i, id] of list.split(',').entries()) {
    if (!isSpaceId(id)) {
      throw new ProblemError('bad_request', { path: `spaces.${i}`, detail: 'not a UUIDv7' });
    }
    spaces.add(id);
  }
  return spaces;
}
