import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CHANNEL_VERSION, isObject, type HostReply, type PageRequest } from '../../core/index.ts';
import {
  ANSWER_WITHIN_MS,
  answerWithin,
  askAgain,
  RING_ANSWERED_WITHIN_MS,
  type Door,
} from './door.ts';
import { fetchDoor, LOCAL_PATH } from './fetch-door.ts';
import type { Writes } from './gather.ts';
import { portDoor } from './port-door.ts';
import { FakeEnvironment, IDLE, settled } from './test-doubles.ts';

const v = CHANNEL_VERSION;
const ok: HostReply = { type: 'ok', status: IDLE };
const accepted: HostReply = { type: 'accepted', receipts: [] };
const status: PageRequest = { v, type: 'status' };
const ring: PageRequest = { v, type: 'ring', reason: 'poll' };
const write = (id: string): PageRequest => ({
  v,
  type: 'write',
  ops: [{ do: [{ kind: 'delete', collection: 'items', id }] }],
});

/** What stands behind a door: answers, or nothing where the worker was killed. */
type Worker = (request: PageRequest) => Promise<HostReply | undefined> | HostReply | undefined;

interface DoorKind {
  readonly name: string;
  open(environment: FakeEnvironment, worker: Worker): Door;
}

const doors: DoorKind[] = [
  {
    name: 'port',
    open: (environment, worker) =>
      portDoor(environment, () => Promise.resolve(serviceWorkerOf(worker))),
  },
  {
    name: 'fetch',
    open(environment, worker) {
      environment.fetch = fetchTo(worker);
      return fetchDoor(environment, () => Promise.resolve());
    },
  },
];

const serviceWorkerOf = (worker: Worker) =>
  ({
    async postMessage(request: PageRequest, [port]: [MessagePort]) {
      const reply = await worker(structuredClone(request));
      if (reply) port.postMessage(reply);
    },
  }) as unknown as ServiceWorker;

const fetchTo =
  (worker: Worker): typeof fetch =>
  async (path, init) => {
    expect(path).toBe(LOCAL_PATH);
    const request = JSON.parse(init?.body as string) as PageRequest;
    const reply = await worker(request);
    if (!reply) {
      return new Promise((_, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('aborted')));
      });
    }
    if (reply.type !== 'error') {
      return Response.json(reply, { status: reply.type === 'accepted' ? 202 : 200 });
    }
    const problem = { type: 'about:blank', code: reply.code, detail: reply.detail };
    return Response.json(problem, {
      status: 422,
      headers: { 'Content-Type': 'application/problem+json' },
    });
  };

describe.each(doors)('the $name door', ({ name, open }) => {
  let environment: FakeEnvironment;
  let answer: Worker;
  let door: Door;
  let asked: PageRequest[];

  beforeEach(() => {
    environment = new FakeEnvironment();
    asked = [];
    answer = ({ type }) => (type === 'write' ? accepted : ok);
    door = open(environment, (request) => {
      asked.push(request);
      return answer(request);
    });
  });
  afterEach(() => expect(environment.timers).toBe(0));

  test('[PL16] carries a request there and its reply back', async () => {
    expect(await door(status)).toEqual(ok);
    expect(await door(write('a'))).toEqual(accepted);
    expect(asked).toEqual([status, write('a')]);
  });

  test('[PL16] carries an error as a reply', async () => {
    const error: HostReply = { type: 'error', code: 'storage_full', detail: 'No room.' };
    answer = () => error;
    expect(await door(write('a'))).toEqual(error);
  });

  test('[PL16] keeps writes in the order in which they were asked', async () => {
    const done: string[] = [];
    answer = async (request) => {
      // A worker answers them as fast as it likes; what counts is how they come in.
      await settled();
      return request.type === 'write' ? accepted : ok;
    };
    const ids = ['a', 'b', 'c'];
    await Promise.all(ids.map((id) => door(write(id)).then(() => done.push(id))));
    expect(asked).toEqual(ids.map(write));
    expect(done).toEqual(ids);
  });

  test('[PL16] ends the wait for a worker that was killed, and says what that means for a write', async () => {
    answer = () => undefined;
    const lost = expect(door(write('a'))).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('may have been kept') as string,
    });
    await environment.advance(answerWithin(write('a')));
    await lost;
  });

  test('[PL16] ends the wait for all that were lost with it', async () => {
    answer = () => undefined;
    const lost = Promise.allSettled(['a', 'b', 'c'].map((id) => door(write(id))));
    // The fetch door sends one after the other, and waits for each.
    await environment.advance(name === 'port' ? answerWithin(write('a')) : 200_000);
    expect((await lost).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  test('[PL16] asks again what does no harm twice, and never a write', async () => {
    answer = (request) => (asked.length === 1 || request.type === 'write' ? undefined : ok);
    const again = askAgain(door);
    const reply = again(status);
    await environment.advance(ANSWER_WITHIN_MS);
    expect(await reply).toEqual(ok);
    expect(asked).toEqual([status, status]);
    const lost = expect(again(write('a'))).rejects.toMatchObject({ code: 'unreachable' });
    await environment.advance(answerWithin(write('a')));
    await lost;
    expect(asked).toHaveLength(3);
  });

  test('[PL16] has patience with a write behind many others, as long as those are answered', async () => {
    const answers: (() => void)[] = [];
    answer = () => new Promise((resolve) => void answers.push(() => resolve(accepted)));
    const replies = Promise.all(['a', 'b', 'c'].map((id) => door(write(id))));
    for (let i = 0; i < 3; i++) {
      await environment.advance(ANSWER_WITHIN_MS - 1_000);
      answers[i]?.();
      await settled();
    }
    expect(await replies).toHaveLength(3);
  });

  test('[PL16] does not repeat a ring, nor wait long for its answer: the next one comes anyway', async () => {
    answer = () => undefined;
    const lost = expect(askAgain(door)(ring)).rejects.toMatchObject({ code: 'unreachable' });
    await environment.advance(RING_ANSWERED_WITHIN_MS);
    await lost;
    expect(asked).toEqual([ring]);
  });

  test('[PL16] takes no answer of another kind for a reply', async () => {
    answer = () => ({ type: 'hello from elsewhere' }) as unknown as HostReply;
    await expect(door(ring)).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('the port door', () => {
  test('[PL16] knows a write for lost when one after it was answered', async () => {
    const environment = new FakeEnvironment();
    const lives = serviceWorkerOf(({ type }) => (type === 'write' ? accepted : ok));
    const killed = serviceWorkerOf(() => undefined);
    let worker = killed;
    const door = portDoor(environment, () => Promise.resolve(worker));
    const lost = expect(door(write('a'))).rejects.toMatchObject({ code: 'unreachable' });
    await settled();
    worker = lives;
    await environment.advance(ANSWER_WITHIN_MS - 1_000);
    await door(write('b'));
    await environment.advance(2_000);
    await lost;
    expect(environment.timers).toBe(0);
  });

  test('[PL46] carries many writes in one message, and a reply to each', async () => {
    const environment = new FakeEnvironment();
    const posted: string[] = [];
    const worker = {
      postMessage(request: PageRequest | Writes, [port]: [MessagePort]) {
        posted.push(request.type);
        if (request.type !== 'writes') port.postMessage({ ...ok, gathers: true });
        else port.postMessage({ type: 'replies', replies: request.writes.map(() => accepted) });
      },
    } as unknown as ServiceWorker;
    const door = portDoor(environment, () => Promise.resolve(worker));
    await door({ v, type: 'hello', config: { name: 'app', version: 1, collections: {} } });
    expect(await Promise.all(['a', 'b'].map((id) => door(write(id))))).toEqual([
      accepted,
      accepted,
    ]);
    expect(posted).toEqual(['hello', 'writes']);
    expect(environment.timers).toBe(0);
  });

  test('[PL46] takes fewer replies than writes for no answer', async () => {
    const environment = new FakeEnvironment();
    const worker = {
      postMessage(request: PageRequest | Writes, [port]: [MessagePort]) {
        if (request.type === 'writes') port.postMessage({ type: 'replies', replies: [accepted] });
        else port.postMessage({ ...ok, gathers: true });
      },
    } as unknown as ServiceWorker;
    const door = portDoor(environment, () => Promise.resolve(worker));
    await door({ v, type: 'hello', config: { name: 'app', version: 1, collections: {} } });
    const ends = await Promise.allSettled(['a', 'b'].map((id) => door(write(id))));
    expect(ends).toMatchObject([
      { reason: { code: 'unreachable' } },
      { reason: { code: 'unreachable' } },
    ]);
  });

  test('[PL16] refuses what cannot be sent, before anything is', async () => {
    const environment = new FakeEnvironment();
    const postMessage = vi.fn((request: unknown) => void structuredClone(request));
    const worker = { postMessage } as unknown as ServiceWorker;
    const door = portDoor(environment, () => Promise.resolve(worker));
    const request = { ...write('a'), seen: { space: () => {} } } as unknown as PageRequest;
    await expect(door(request)).rejects.toMatchObject({ code: 'bad_request' });
    expect(environment.timers).toBe(0);
  });
});

describe('the fetch door', () => {
  test.each([
    ['a page of the network', () => new Response('<html>', { status: 200 })],
    ["the server's own problem", () => Response.json({ code: 'not_found' }, { status: 404 })],
  ])('[PL16] does not take %s for the worker', async (_what, respond) => {
    const environment = new FakeEnvironment();
    environment.fetch = () => Promise.resolve(respond());
    const door = fetchDoor(environment, () => Promise.resolve());
    await expect(door(status)).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('[PL16] waits for control over the page before it sends anything', async () => {
    const environment = new FakeEnvironment();
    const posted = vi.fn(() => Promise.resolve(Response.json(ok)));
    environment.fetch = posted;
    let takeControl = (): void => {};
    const door = fetchDoor(environment, () => new Promise((resolve) => (takeControl = resolve)));
    const reply = door(status);
    await settled();
    expect(posted).not.toHaveBeenCalled();
    takeControl();
    const body: unknown = await reply;
    expect(isObject(body)).toBe(true);
  });
});
