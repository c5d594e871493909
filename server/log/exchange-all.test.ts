import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SpaceId } from '../../core/index.ts';
import { actorId, op, seqs, spaceId } from '../testing/log-words.ts';
import { answerIn, answersOf, openApp } from '../testing/open-app.ts';
import type { TestApp } from '../testing/open-app.ts';

const SPACES = Array.from({ length: 12 }, (_, i) => spaceId(i + 1));
const OPS = [1, 2, 3, 4, 5].map((clock) => op(clock, { payload: 'x'.repeat(1000) }));

let app: TestApp;
let ann: string;
beforeAll(async () => {
  app = await openApp({ limits: { answerBytes: 4000 } });
  ann = await app.tokenFor('ann');
  const ask = { actor: actorId(1), since: 0, create: true, ops: OPS };
  for (const space of SPACES) await app.push(ann, { [space]: ask });
});
afterAll(() => app.stop());

async function pull(from: ReadonlyMap<SpaceId, number>) {
  const since = [...from].map(([space, seq]) => `${space}:${seq}`).join(',');
  const response = await app.call(`/sync/pull?since=${since}`, { token: ann });
  return answersOf(await response.json());
}

describe('an answer about many spaces', () => {
  it('[WI34] is bounded as a whole, each with news has some of it, and it all comes in the end', async () => {
    const at = new Map(SPACES.map((space) => [space, 0]));
    let isMore = true;
    for (let rounds = 0; isMore; rounds++) {
      expect(rounds).toBeLessThan(SPACES.length);
      const answers = await pull(at);
      isMore = false;
      let ops = 0;
      for (const [space, before] of at) {
        const answer = answerIn(answers, space);
        expect(answer.ops.length > 0).toBe(before < OPS.length);
        expect(answer.more).toBe(before + answer.ops.length < OPS.length);
        expect(seqs(answer.ops)).toEqual(answer.ops.map((_, i) => before + i + 1));
        at.set(space, before + answer.ops.length);
        isMore ||= answer.more;
        ops += answer.ops.length;
      }
      // Four shares of four ops, of which the last may be filled beyond, and one op of each other.
      expect(ops).toBeLessThanOrEqual(16 + SPACES.length);
    }
    expect([...at.values()]).toEqual(SPACES.map(() => OPS.length));
  });

  it('[WI34] leaves nothing of a push out because there is no room', async () => {
    const ask = { actor: actorId(2), since: 0, ops: OPS };
    const answers = await app.push(ann, Object.fromEntries(SPACES.map((space) => [space, ask])));
    for (const space of SPACES)
      expect(answerIn(answers, space)).toMatchObject({ acked: 5, head: 10 });
  });
});
