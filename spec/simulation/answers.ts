/** P8, as the wire shows it: who gets an answer or is poked, and whose ops are in it. */
import type { Poke, SpaceId } from '../../core/index.ts';
import { Violation } from './faults.ts';
import type { AccountName, Grants } from './grants.ts';
import type { SentReply, SentRequest } from './network.ts';

/** Holds what the server just answered against what was arranged at that moment. */
export function checkAnswer(grants: Grants, request: SentRequest, reply: SentReply): void {
  if (reply.status !== 200 && reply.status !== 201) return;
  const token = (request.headers['Authorization'] ?? '').replace('Bearer ', '');
  const name = grants.accountBehind(token);
  if (name === undefined || grants.isRevoked(token))
    throw new Violation('P8', `${request.url} was answered to a token that does not count`);
  if (!request.url.endsWith('/sync/push')) return;
  const { spaces } = JSON.parse(reply.body) as { spaces: Record<SpaceId, { ops?: unknown[] }> };
  for (const [space, { ops = [] }] of Object.entries(spaces) as [SpaceId, { ops?: unknown[] }][]) {
    if (ops.length > 0 && grants.levelOf(name, space) === 'none')
      throw new Violation('P8', `${name} was sent ops of ${space} without a grant`);
  }
}

/**
 * Holds what the server wrote into a stream against what was arranged when there was that to tell: it
 * may have waited since for a listener that did not read.
 */
export function checkPoke(grants: Grants, name: AccountName | undefined, text: string): void {
  const data = /^event: poke\ndata: (.+)\n/.exec(text)?.[1];
  if (data === undefined) return;
  const { space, head } = JSON.parse(data) as Poke;
  if (!grants.mightReach(name, space, head))
    throw new Violation('P8', `${name} was poked for ${space} without a grant`);
}
