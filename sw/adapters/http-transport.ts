/** The transport over fetch: responses become values or failures, and nothing waits for ever. */
import {
  AccountAnswerSchema,
  parse,
  PokeSchema,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
  PushAnswerSchema,
  type Failure,
  type Outcome,
  type Parsed,
} from '../../core/index.ts';
import type { Connection, Transport } from '../engine/ports.ts';
import { startDeadline } from './deadline.ts';
import { networkFailure, NOT_OURS, parseJson, readProblem } from './http-failure.ts';
import { readBootstrap } from './read-bootstrap.ts';
import { readEvents } from './sse-reader.ts';

/** A request that gets nowhere for longer is given up: a black hole must not hold the drain's lock. */
const TIMEOUT_MS = 30_000;

/** What a server would say that would not talk to this version any more. */
const TOO_OLD: Failure = { kind: 'refused', code: 'client_too_old' };

/** The part of `fetch` that is used here. */
export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

export interface HttpTransportOptions {
  readonly fetch?: Fetch;
  readonly timeoutMs?: number;
}

export function createHttpTransport(options: HttpTransportOptions = {}): Transport {
  const { timeoutMs = TIMEOUT_MS } = options;
  // Looked up at each call, so that a test or an interceptor may replace it; `this` must be the global.
  const request: Fetch = (url, init) => (options.fetch ?? fetch)(url, init);

  /** One exchange. `read` may put its deadline off, for an answer that is long but gets on. */
  async function exchange<T>(
    url: URL,
    init: RequestInit,
    read: (response: Response, putOff: () => void) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const deadline = startDeadline(timeoutMs);
    try {
      const { signal } = deadline;
      const response = await request(url, { ...init, cache: 'no-store', signal });
      if (!response.ok) return { ok: false, failure: await readProblem(response) };
      return await read(response, deadline.putOff);
    } catch (error) {
      return { ok: false, failure: networkFailure(error) };
    } finally {
      deadline.stop();
    }
  }

  const ask = <T>(
    parseBody: (body: unknown) => Parsed<T>,
    url: URL,
    init: RequestInit,
  ): Promise<Outcome<T>> =>
    exchange(url, init, async (response) => {
      const parsed = parseBody(await response.json());
      return parsed.ok ? parsed : { ok: false, failure: NOT_OURS };
    });

  return {
    push: ({ url, token }, body) =>
      ask((answer) => parse(PushAnswerSchema, answer), new URL('/sync/push', url), {
        method: 'POST',
        headers: { ...headers(token), 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),

    account: (url, token) =>
      ask((answer) => parse(AccountAnswerSchema, answer), new URL('/sync/account', url), {
        headers: headers(token),
      }),

    bootstrap: ({ url, token }, space) =>
      exchange(
        new URL(`/sync/bootstrap/${space}`, url),
        { headers: headers(token) },
        async ({ body }, putOff) => {
          const snapshot = body && (await readBootstrap(body, space, putOff));
          if (snapshot === 'too-new') return { ok: false, failure: TOO_OLD };
          return snapshot ? { ok: true, value: snapshot } : { ok: false, failure: NOT_OURS };
        },
      ),

    listen({ url, token }: Connection, hear) {
      const abort = new AbortController();
      const ended = (async () => {
        const response = await request(new URL('/sync/events', url), {
          headers: { ...headers(token), Accept: 'text/event-stream' },
          cache: 'no-store',
          signal: abort.signal,
        });
        if (!response.ok || !response.body) return;
        hear.onOpen();
        for await (const event of readEvents(response.body)) {
          hear.onSign();
          if (event.name !== 'poke') continue;
          const poke = parse(PokeSchema, parseJson(event.data));
          if (poke.ok) hear.onPoke(poke.value);
        }
      })();
      // However the stream ends, the next ring opens another.
      return { ended: ended.catch(() => undefined), stop: () => abort.abort() };
    },
  };
}

const headers = (token: string): Record<string, string> => ({
  Authorization: `Bearer ${token}`,
  [PROTOCOL_HEADER]: String(PROTOCOL_VERSION),
});
