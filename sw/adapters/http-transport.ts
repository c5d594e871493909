/** The transport over fetch: responses become values or failures, and nothing waits for ever. */
import {
  AccountAnswerSchema,
  parse,
  PokeSchema,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
  PushAnswerSchema,
  type LogPlace,
  type Outcome,
  type Parsed,
  type SnapshotPlace,
  type SpaceId,
} from '../../core/index.ts';
import type { Connection, Transport } from '../engine/ports.ts';
import { startDeadline, type Deadline } from './deadline.ts';
import { networkFailure, NOT_OURS, parseJson, readProblem } from './http-failure.ts';
import { readLines } from './read-lines.ts';
import { readEvents } from './sse-reader.ts';

/** A request that gets nowhere for longer is given up: a black hole must not hold the drain's lock. */
const TIMEOUT_MS = 30_000;

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

  /** One exchange. `read` has a hand in its deadline, for an answer that is long but gets on. */
  async function exchange<T>(
    url: URL,
    init: RequestInit,
    read: (response: Response, deadline: Deadline) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const deadline = startDeadline(timeoutMs);
    try {
      const { signal } = deadline;
      const response = await request(url, { ...init, cache: 'no-store', signal });
      if (!response.ok) return { ok: false, failure: await readProblem(response) };
      return await read(response, deadline);
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

    pull: ({ url, token }, from) =>
      ask((answer) => parse(PushAnswerSchema, answer), pullUrl(url, from), {
        headers: headers(token),
      }),

    account: (url, token) =>
      ask((answer) => parse(AccountAnswerSchema, answer), new URL('/sync/account', url), {
        headers: headers(token),
      }),

    bootstrap: ({ url, token }, space, { from, take }) =>
      exchange(
        bootstrapUrl(url, space, from),
        { headers: headers(token) },
        async ({ body, headers: told }, deadline) => {
          if (!body || isPage(told)) return { ok: false, failure: NOT_OURS };
          for await (const lines of readLines(body)) {
            // What is done with them takes none of the server's time.
            deadline.stop();
            if (lines.length > 0 && !(await take(lines))) break;
            deadline.putOff();
          }
          return { ok: true, value: undefined };
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

function bootstrapUrl(url: string, space: SpaceId, from?: SnapshotPlace): URL {
  const at = new URL(`/sync/bootstrap/${space}`, url);
  for (const [name, value] of Object.entries(from ?? {})) at.searchParams.set(name, String(value));
  return at;
}

function pullUrl(url: string, { space, since, epoch, digest }: LogPlace): URL {
  const from = new URL('/sync/pull', url);
  from.searchParams.set('since', [space, since, epoch, digest].join(':'));
  return from;
}

/** Of something on the way, that would be taken for a snapshot with a fault in it. */
const isPage = (told: Headers): boolean => told.get('Content-Type')?.includes('html') ?? false;
