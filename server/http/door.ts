/** What every sync request passes before its route: the protocol's version, the token, the schema. */
import { createMiddleware } from 'hono/factory';
import type { GenericSchema, InferOutput } from 'valibot';
import { parse, PROTOCOL_HEADER, PROTOCOL_VERSION } from '../../core/index.ts';
import type { Tokens } from '../auth/tokens.ts';
import type { Asker } from '../auth/reach.ts';
import { ProblemError } from './problem.ts';

/** The variables of a request that is past the door. */
export interface PastDoor {
  Variables: { asker: Asker };
}

export const checkProtocol = createMiddleware(async function checkProtocol(c, next) {
  const asked = c.req.header(PROTOCOL_HEADER);
  if (asked !== undefined && asked.trim() !== String(PROTOCOL_VERSION)) {
    throw new ProblemError('protocol_unsupported', { versions: [PROTOCOL_VERSION] });
  }
  await next();
});

const BEARER = /^Bearer +(\S+) *$/i;

export const requireToken = (tokens: Tokens) =>
  createMiddleware<PastDoor>(async function requireToken(c, next) {
    const header = c.req.header('Authorization');
    if (!header) throw new ProblemError('token_missing');
    const token = BEARER.exec(header)?.[1];
    const found = token ? await tokens.identify(token) : ({ kind: 'invalid' } as const);
    if (found.kind !== 'asker') throw new ProblemError(`token_${found.kind}`);
    c.set('asker', found.asker);
    await next();
  });

/** The value as the schema has it, or bad_request with the path of the fault. */
export function checked<S extends GenericSchema>(schema: S, value: unknown): InferOutput<S> {
  const result = parse(schema, value);
  if (result.ok) return result.value;
  throw new ProblemError('bad_request', { path: told(result.path), detail: told(result.fault) });
}

/** Both may repeat what was sent: a name of two million characters, or a text where a number goes. */
const LONGEST_TOLD = 120;

const told = (text: string): string =>
  text.length > LONGEST_TOLD ? `${text.slice(0, LONGEST_TOLD)}…` : text;
