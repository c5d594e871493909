import { describe, expect, it } from 'vitest';
import { STARTING, type ParsedPageRequest } from '../../core/index.ts';
import { answerPort } from './answer-port.ts';
import type { Engine } from './create-engine.ts';

const write = (id: string) => ({
  v: 1,
  type: 'write',
  ops: [{ do: [{ kind: 'delete', collection: 'items', id }] }],
});

describe('many writes in one message', () => {
  const handled: ParsedPageRequest[] = [];
  const engine = {
    async handle(request: ParsedPageRequest) {
      handled.push(request);
      const row = handled.length;
      // The first is the last to be done.
      for (let turns = 0; turns < 10 - row; turns++) await Promise.resolve();
      const receipts = [{ space: 's', row, index: 0 }];
      if (request.type === 'hello') return { reply: { type: 'ok', status: STARTING } };
      return { reply: { type: 'accepted', receipts }, afterwards: Promise.resolve() };
    },
  } as unknown as Engine;

  it('[PL46] come to the engine in their order, and each has its reply', async () => {
    const kept: Promise<unknown>[] = [];
    const writes = [write('a'), { v: 1, type: 'write', ops: [{}] }, write('b')];
    const reply = await answerPort(engine, { v: 1, type: 'writes', writes }, (work) =>
      kept.push(work),
    );
    expect(reply).toMatchObject({
      type: 'replies',
      replies: [
        { type: 'accepted', receipts: [{ row: 1 }] },
        { type: 'error', code: 'bad_request' },
        { type: 'accepted', receipts: [{ row: 2 }] },
      ],
    });
    expect(kept).toHaveLength(2);
    expect(handled).toMatchObject([write('a'), write('b')]);
  });

  it('[PL46] a host says that it takes them when it is greeted', async () => {
    const config = { name: 'app', version: 1, collections: {} };
    const hello = { v: 1, type: 'hello', config };
    const reply = await answerPort(engine, hello, () => {});
    expect(reply).toMatchObject({ type: 'ok', gathers: true });
  });

  it('[HO2] what is no such message is refused, and nothing of it is done', async () => {
    const before = handled.length;
    const ring = { v: 1, type: 'ring', reason: 'poll' };
    for (const writes of [undefined, [], [write('a'), ring]]) {
      const reply = await answerPort(engine, { v: 1, type: 'writes', writes }, () => {});
      expect(reply).toMatchObject({ type: 'error', code: 'bad_request' });
    }
    expect(handled).toHaveLength(before);
  });
});
