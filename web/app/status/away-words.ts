/** What became of a device that was away for longer than the server keeps what happened, in plain words. Pure. */
import type { Status } from '../../lib/index.ts';
import { changes } from './amounts.ts';
import type { Clock } from './status-words.ts';

type Away = NonNullable<Status['away']>;

const DAY_MS = 24 * 3_600_000;

export function awayWords(away: Away, { now, day }: Pick<Clock, 'now' | 'day'>): string {
  const { since } = away;
  const what =
    // The device was there, and a list that was taken up again was not.
    since === null || now - since < DAY_MS
      ? 'Some lists had not been synced here for so long that they were fetched anew.'
      : `Last synced here on ${day(since)}: the server does not keep changes that long, so your lists were fetched anew.`;
  return [what, ...ownWords(away)].join(' ');
}

/** What the person had written meanwhile. */
function ownWords({ kept, deleted }: Away): string[] {
  if (kept === 0) return [];
  const own = `The ${changes(kept)} that waited here ${kept === 1 ? 'is' : 'are'} kept.`;
  if (deleted === 0) return [own];
  const gone =
    deleted === 1
      ? 'One thing that you changed was deleted meanwhile: you decide about it.'
      : `${deleted} things that you changed were deleted meanwhile: you decide about them.`;
  return [own, gone];
}
