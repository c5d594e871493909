import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  CHANNEL_VERSION,
  type HostReply,
  type PageRequest,
  type Replies,
} from '../../core/index.ts';
import type { Door } from './door.ts';
import { OffingError } from './errors.ts';
import { gather, type Writes } from './gather.ts';
import { IDLE, settled } from './test-doubles.ts';

const v = CHANNEL_VERSION;
const config = { name: 'app', version: 1, collections: {} };
const hello: PageRequest = { v, type: 'hello', config };
const status: PageRequest = { v, type: 'status' };
const write = (id: string): Writes['writes'][number] => ({
  v,
  type: 'write',
  ops: [{ do: [{ kind: 'delete', collection: 'items', id }] }],
});
const idOf = ({ ops: [op] }: Writes['writes'][number]): unknown =>
  op?.do[0] && 'id' in op.do[0] && op.do[0].id;
/** A reply that only this write can have had. */
const replyTo = (one: Writes['writes'][number]): HostReply => ({
  type: 'error',
  code: 'bad_op',
  detail: String(idOf(one)),
});

/** What came through the door, in short: the type, or the ids of the writes. */
type Sent = unknown[] | string;

describe('writes that are asked for at once', () => {
  let sent: Sent[];
  let takes: boolean;
  let answer: (request: PageRequest | Writes) => HostReply | Replies;
  let door: Door;

  beforeEach(async () => {
    takes = true;
    answer = (request) => {
      if (request.type === 'writes')
        return { type: 'replies', replies: request.writes.map(replyTo) };
      if (request.type === 'write') return replyTo(request);
      return {
        type: 'ok',
        status: IDLE,
        ...(request.type === 'hello' && takes && { gathers: true }),
      };
    };
    door = gather(async (request) => {
      if (request.type === 'writes') sent.push(request.writes.map(idOf));
      else sent.push(request.type === 'write' ? [idOf(request)] : request.type);
      return answer(request);
    });
    sent = [];
    await door(hello);
    sent = [];
  });

  const askAll = (ids: readonly string[]) => Promise.all(ids.map((id) => door(write(id))));

  test('[PL46] share a message, and each hears of itself', async () => {
    const replies = await askAll(['a', 'b', 'c']);
    expect(sent).toEqual([['a', 'b', 'c']]);
    expect(replies).toEqual([write('a'), write('b'), write('c')].map(replyTo));
  });

  test('[PL46] leave within the task that asked for them, also where each is prepared for a while', async () => {
    let before = Promise.resolve();
    for (const id of ['a', 'b', 'c']) {
      before = before.then(async () => {
        for (let turns = 0; turns < 10; turns++) await Promise.resolve();
        void door(write(id));
      });
    }
    const next = vi.fn();
    setImmediate(next);
    await before;
    for (let turns = 0; turns < 200; turns++) await Promise.resolve();
    expect(sent).toEqual([['a', 'b', 'c']]);
    expect(next).not.toHaveBeenCalled();
  });

  test('[PL46] begin to leave before the last of many is there', async () => {
    const ids = Array.from({ length: 150 }, (_, i) => `w${i}`);
    await askAll(ids);
    expect(sent.map(({ length }) => length)).toEqual([64, 64, 22]);
    expect(sent.flat()).toEqual(ids);
  });

  test('[PL46] stay before what is asked after them', async () => {
    await Promise.all([door(write('a')), door(write('b')), door(status), door(write('c'))]);
    expect(sent).toEqual([['a', 'b'], 'status', ['c']]);
  });

  test('[PL46] one alone is a message as ever', async () => {
    const asked: string[] = [];
    door = gather(async (request) => {
      asked.push(request.type);
      return answer(request);
    });
    await door(hello);
    await door(write('a'));
    expect(asked).toEqual(['hello', 'write']);
  });

  test('[PL46] go one by one to a host that has not said that it takes them', async () => {
    takes = false;
    await door(hello);
    sent = [];
    await askAll(['a', 'b']);
    expect(sent).toEqual([['a'], ['b']]);
  });

  test('[PL46] go one by one where a host has come meanwhile that does not know of it', async () => {
    const before = answer;
    answer = (request) =>
      request.type === 'writes'
        ? { type: 'error', code: 'bad_request', detail: 'type: unknown' }
        : before(request);
    const replies = await askAll(['a', 'b']);
    expect(sent).toEqual([['a', 'b'], ['a'], ['b']]);
    expect(replies).toEqual([write('a'), write('b')].map(replyTo));
  });

  test('[PL46] one that cannot be sent is refused alone', async () => {
    const before = answer;
    answer = (request) => {
      const writes = request.type === 'writes' ? request.writes : [request as never];
      if (writes.some((one) => idOf(one) === 'bad'))
        throw new OffingError('bad_request', 'A value of the write is not plain data.');
      return before(request);
    };
    const [a, bad, c] = await Promise.allSettled(['a', 'bad', 'c'].map((id) => door(write(id))));
    expect(a).toMatchObject({ value: replyTo(write('a')) });
    expect(bad).toMatchObject({ reason: { code: 'bad_request' } });
    expect(c).toMatchObject({ value: replyTo(write('c')) });
  });

  test('[PL46] are all lost with the host, and none is asked again', async () => {
    answer = () => {
      throw new OffingError('unreachable', 'The host did not answer.');
    };
    const ends = await Promise.allSettled(['a', 'b'].map((id) => door(write(id))));
    expect(ends).toMatchObject([
      { reason: { code: 'unreachable' } },
      { reason: { code: 'unreachable' } },
    ]);
    await settled();
    expect(sent).toEqual([['a', 'b']]);
  });
});
