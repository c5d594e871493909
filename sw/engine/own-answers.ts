/**
 * Each push has an id, and what is said to it counts only if it repeats that. Something on the way may
 * answer with what it kept of an earlier request: of that one it was true, and of this it is not.
 */
import type { Outcome, PushAnswer } from '../../core/index.ts';
import { NOT_OURS } from './fetch-snapshot.ts';
import type { Ports, Transport } from './ports.ts';
import { newId } from './spaces.ts';

/** A server that does not know of ids repeats none, and is believed. */
export function ownAnswers({
  transport,
  clock,
  random,
}: Pick<Ports, 'transport' | 'clock' | 'random'>): Transport['push'] {
  return async (connection, body): Promise<Outcome<PushAnswer>> => {
    const request = newId({ clock, random });
    const answer = await transport.push(connection, { ...body, request });
    if (!answer.ok) return answer;
    const isOwn = (answer.value.request ?? request) === request;
    return isOwn ? answer : { ok: false, failure: NOT_OURS };
  };
}
