/** The transport over fetch: responses become values or failures, and nothing waits for ever. */
import {
  AccountAnswerSchema,
  failureOf,
  parse,
  PokeSchema,
  ProblemSchema,
  PROTOCOL_HEADER,
  PROTOCOL_VERSION,
  PushAnswerSchema,
  type Failure,
  type Outcome,
  type Parsed,
} from '../../core/index.ts';
import type { Connection, Transport } from '../engine/ports.ts';
import { readEvents } from './sse-reader.ts';

/** A request that takes longer is given up: a black hole must not hold the drain's lock. */
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

  async function ask<T>(
    read: (body: unknown) => Parsed<T>,
    url: URL,
    init: RequestInit,
  ): Promise<Outcome<T>> {
    try {
      const response = await request(url, {
        ...init,
        cache: 'no-store',
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!response.ok) return { ok: false, failure: await readProblem(response) };
      const parsed = read(await response.json());
      return parsed.ok ? parsed : { ok: false, failure: NOT_OURS };
    } catch (error) {
      return { ok: false, failure: networkFailure(error) };
    }
  }

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

/** Something answered that does not speak our protocol: a captive portal, a proxy, another server. */
const NOT_OURS: Failure = { kind: 'network', why: 'not-ours' };

async function readProblem(response: Response): Promise<Failure> {
  const problem = parse(ProblemSchema, parseJson(await response.text()));
  if (!problem.ok) return NOT_OURS;
  return failureOf(response.status, problem.value.code, retryAfter(response), problem.value.path);
}

/** `Retry-After` in ms (RFC 9110, section 10.2.3); its date form is not used by our servers. */
function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function networkFailure(error: unknown): Failure {
  const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
  if (timedOut) return { kind: 'network', why: 'timeout' };
  return error instanceof SyntaxError ? NOT_OURS : { kind: 'network', why: 'unreachable' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
