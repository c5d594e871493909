/** What became of a device that was away for longer than the server keeps what happened, in plain words. Pure. */
import type { Status } from '../../lib/index.ts';
import { changes } from './amounts.ts';
import type { Clock } from './status-words.ts';

type Away = NonNullable<Status['away']>;

export function awayWords(away: Away, { day }: Pick<Clock, 'day'>): string {
  const what =
    away.since === null
      ? 'Some lists had not been synced here for so long that they were fetched anew.'
      : `Last synced here on ${day(away.since)}: the server does not keep changes that long, so your lists were fetched anew.`;
  return [what, ...ownWords(away)].join(' ');
}

/** What the person had written meanwhile. */
function ownWords({ kept, deleted }: Away): string[] {
  if (kept === 0) return [];
  const own = `The ${changes(kept)} that waited here ${kept === 1 ? 'is' : 'are'} kept.`;
  if (deleted === 0) return [own];
  const which = kept === 1 ? 'It' : deleted < kept ? String(deleted) : 'All';
  const [is, them] = deleted === 1 ? ['is', 'it'] : ['are', 'them'];
  return [own, `${which} ${is} about something deleted meanwhile: you decide about ${them}.`];
}
