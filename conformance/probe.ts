/** Asks a server over HTTP, and nothing else: what a check has in its hands. */
import { parse, PROBLEMS, ProblemSchema, PushAnswerSchema } from '../core/index.ts';
import type { ProblemCode } from '../core/index.ts';
import { holds, like, shown } from './agree.ts';
import { logOf } from './log.ts';
import type { Answers, Asks, Log } from './log.ts';
import { uuid } from './uuid.ts';

export interface Target {
  /** Without `/sync` at its end. */
  readonly url: string;
  /** Of an account that may write and make spaces. */
  readonly token: string;
  readonly tokens?: Partial<
    Readonly<Record<'other' | 'readOnly' | 'revoked' | 'oneSpace', string>>
  >;
  /** The network; the test of the suite itself puts a server that is wrong here. */
  readonly fetch?: typeof fetch;
}

export interface Asked {
  /** Another token than the target's; null sends none. */
  readonly token?: string | null;
  /** Sent as JSON, unless it is bytes or text already. */
  readonly body?: unknown;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, if it is JSON. */
  readonly json: unknown;
}

export type Limits = Readonly<Record<string, number>>;

export interface Probe extends Omit<Target, 'tokens'>, Asks {
  readonly tokens: NonNullable<Target['tokens']>;
  call(path: string, asked?: Asked): Promise<Reply>;
  /** The open answer of a stream, which the check has to cancel. */
  open(path: string, token?: string): Promise<Response>;
  /** What is answered must be this problem. */
  problem(code: ProblemCode, path: string, asked?: Asked): Promise<Record<string, unknown>>;
  limits(): Promise<Limits>;
  /** A space just made, and an actor that has sent nothing yet. */
  newLog(): Promise<Log>;
  /** The same for a space that nobody has. */
  unmade(): Log;
}

export function createProbe(target: Target): Probe {
  const ask = target.fetch ?? fetch;

  function request(path: string, { token, body, method, headers }: Asked): Promise<Response> {
    const sent = token === undefined ? target.token : token;
    return ask(`${target.url}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(sent === null ? {} : { Authorization: `Bearer ${sent}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: bytesOf(body) }),
    });
  }

  async function call(path: string, asked: Asked = {}): Promise<Reply> {
    const response = await request(path, asked);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
  }

  const probe: Probe = {
    ...target,
    tokens: target.tokens ?? {},
    call,
    open: (path, token) => request(path, token === undefined ? {} : { token }),
    async problem(code, path, asked) {
      return problemIn(await call(path, asked), code);
    },
    async push(spaces, more, token) {
      const body = { spaces, ...more };
      return answersIn(await call('/sync/push', { body, ...(token ? { token } : {}) }));
    },
    async pull(query, token) {
      return answersIn(await call(`/sync/pull?${query}`, token ? { token } : {}));
    },
    async limits() {
      const { json } = await call('/sync/limits', { token: null });
      return json as Limits;
    },
    async newLog() {
      const log = logOf(probe, uuid(), uuid());
      const made = await call('/sync/spaces', { body: { space: log.space } });
      holds(`POST /sync/spaces makes no space: ${made.status} ${made.text}`, made.status === 201);
      return log;
    },
    unmade: () => logOf(probe, uuid(), uuid()),
  };
  return probe;
}

const bytesOf = (body: unknown): NonNullable<RequestInit['body']> =>
  body instanceof Uint8Array || typeof body === 'string'
    ? (body as Uint8Array<ArrayBuffer> | string)
    : JSON.stringify(body);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The reply must be this problem, in the form that problems have. */
function problemIn({ status, headers, json, text }: Reply, code: ProblemCode) {
  const parsed = parse(ProblemSchema, json);
  holds(`expected the problem ${code}, got ${status} ${shown(json ?? text)}`, parsed.ok);
  like(`the problem (HTTP ${status})`, json, { code, status: PROBLEMS[code] });
  like('the reply', { status }, { status: PROBLEMS[code] });
  const type = headers.get('Content-Type') ?? '';
  holds(
    `a problem is application/problem+json, not ${type}`,
    type.startsWith('application/problem+json'),
  );
  return json as Record<string, unknown>;
}

function answersIn({ status, json, text }: Reply): Answers {
  const parsed = parse(PushAnswerSchema, json);
  const fault = parsed.ok ? '' : `"${parsed.path}": ${parsed.fault}`;
  holds(
    `not an answer (HTTP ${status}) ${fault}: ${shown(json ?? text)}`,
    parsed.ok && status === 200,
  );
  return json as Answers;
}
