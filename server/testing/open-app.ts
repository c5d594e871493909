/** A whole server on a directory of its own, asked through its app: no port has to be known. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PushAnswerSchema, parse } from '../../core/index.ts';
import type { PushAnswer, SpaceAnswer, SpaceError, SpaceId } from '../../core/index.ts';
import { SCRATCH } from './scratch.ts';
import { openServer } from '../open-server.ts';
import type { OpenServer, ServerOptions } from '../open-server.ts';
import type { NewToken } from '../auth/tokens.ts';

export interface Asked {
  readonly token?: string;
  /** Sent as JSON, unless it is bytes already. */
  readonly body?: unknown;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestApp extends OpenServer {
  readonly data: string;
  /** What the server said of its own faults. */
  readonly reports: readonly unknown[];
  tokenFor(name: string, more?: Partial<NewToken>): Promise<string>;
  call(path: string, asked?: Asked): Promise<Response>;
  /** Pushes and answers with what the wire's schema makes of it. */
  push(token: string, spaces: object, more?: object): Promise<PushAnswer['spaces']>;
  stop(): Promise<void>;
}

export async function openApp(options: Partial<ServerOptions> = {}): Promise<TestApp> {
  const data = mkdtempSync(join(SCRATCH, 'offing-app-'));
  const reports: unknown[] = [];
  const server = await openServer({ data, report: (error) => reports.push(error), ...options });

  async function call(path: string, { token, body, method, headers }: Asked = {}) {
    const isJson = body !== undefined && !(body instanceof Uint8Array);
    const init = {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : (body as never) }),
    };
    return server.app.request(path, init);
  }

  return {
    ...server,
    data,
    reports,
    call,
    async tokenFor(name, more) {
      const { id } = await server.accounts.named(name);
      return server.tokens.mint({ account: id, label: 'test', ...more });
    },
    async push(token, spaces, more) {
      const response = await call('/sync/push', { token, body: { spaces, ...more } });
      return answersOf(await response.json());
    },
    async stop() {
      await server.close();
      rmSync(data, { recursive: true });
    },
  };
}

export function answersOf(body: unknown): PushAnswer['spaces'] {
  const parsed = parse(PushAnswerSchema, body);
  if (!parsed.ok) throw new Error(`${parsed.path}: ${parsed.fault} in ${JSON.stringify(body)}`);
  return parsed.value.spaces;
}

/** The answer about a space that must have one. */
export function answerIn(answers: PushAnswer['spaces'], space: SpaceId): SpaceAnswer {
  const answer = answers[space];
  if (answer && 'epoch' in answer && 'ops' in answer) return answer;
  throw new Error(`no answer: ${JSON.stringify(answer)}`);
}

export function errorIn(answers: PushAnswer['spaces'], space: SpaceId): SpaceError {
  const answer = answers[space];
  if (answer && 'error' in answer) return answer.error;
  throw new Error(`no error: ${JSON.stringify(answer)}`);
}
