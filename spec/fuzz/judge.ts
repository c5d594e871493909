/** What every answer must keep, whatever was asked; the faults as sentences. */
import {
  AccountAnswerSchema,
  BootstrapHeaderSchema,
  parse,
  PROBLEMS,
  ProblemSchema,
  PushAnswerSchema,
  SpacesAnswerSchema,
} from '../../core/index.ts';
import type { FuzzRequest } from './fuzz-request.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Decoded; of a stream of events, how it began. */
  readonly text: string;
}

/** A problem is for people and programs, and not a mirror of what was sent. */
export const LARGEST_PROBLEM = 2048;

export interface Circumstance {
  /** The body may have come too slowly. */
  readonly wasSlow?: boolean;
}

export function faultsOf(
  request: FuzzRequest,
  answer: Answer,
  { wasSlow = false }: Circumstance = {},
): string[] {
  const { status, headers } = answer;
  const faults: string[] = [];
  const isSlowness = wasSlow && status === 503 && codeOf(answer) === 'overloaded';
  if (status >= 500 && !isSlowness) faults.push(`${status} is a fault of the server`);
  if (headers.get('X-Content-Type-Options') !== 'nosniff') faults.push('no nosniff');
  const isProblem = headers.get('Content-Type') === 'application/problem+json';
  const isStatic = headers.has('Content-Security-Policy');
  if (isStatic && isOfProtocol(request)) faults.push('an answer of the app, to the protocol');
  if (isProblem) faults.push(...problemFaults(request, answer));
  else if (isStatic) faults.push(...staticFaults(answer));
  else if (status >= 400) faults.push(`${status} without a problem`);
  else faults.push(...successFaults(request, answer));
  return faults;
}

export const codeOf = ({ text }: Answer): string | null => {
  const problem = parse(ProblemSchema, jsonOf(text));
  return problem.ok ? problem.value.code : null;
};

const isOfProtocol = ({ target }: FuzzRequest): boolean => /^\/sync(?:\/|$)/.test(pathOf(target));

/** As the server reads it: with what is encoded well decoded. */
const pathOf = (target: string): string =>
  new URL(`http://x${target}`).pathname.replace(/(?:%[0-7][0-9a-f])+/gi, decodeURI);

function problemFaults({ method }: FuzzRequest, { status, headers, text }: Answer): string[] {
  const faults: string[] = [];
  if (headers.get('Cache-Control') !== 'no-store') faults.push('a problem that may be cached');
  if (status === 401 && !headers.has('WWW-Authenticate')) faults.push('no WWW-Authenticate');
  if (method === 'HEAD') return faults;
  const problem = parse(ProblemSchema, jsonOf(text));
  if (!problem.ok) return [...faults, `no problem: ${problem.path}: ${problem.fault}`];
  if (PROBLEMS[problem.value.code] !== status) faults.push(`${problem.value.code} as ${status}`);
  if (Buffer.byteLength(text) > LARGEST_PROBLEM)
    faults.push(`a problem of ${text.length} characters`);
  return faults;
}

/** The app: there, a part of it, had already, or missing. */
function staticFaults({ status, headers }: Answer): string[] {
  const faults = [200, 206, 304, 404, 416].includes(status) ? [] : [`the app with ${status}`];
  return headers.has('Cache-Control') ? faults : [...faults, 'the app without its caching'];
}

const ANSWERS = [
  [/^\/sync\/pu(?:ll|sh)/, PushAnswerSchema],
  [/^\/sync\/account/, AccountAnswerSchema],
  [/^\/sync\/bootstrap/, BootstrapHeaderSchema],
] as const;

function successFaults({ method, target }: FuzzRequest, { headers, text }: Answer): string[] {
  const faults = headers.get('Cache-Control') === 'no-store' ? [] : ['it may be cached'];
  if (method === 'HEAD') return faults;
  if (headers.get('Content-Type') === 'text/event-stream') {
    return text.startsWith('event: ping\n') ? faults : [...faults, 'a stream without its ping'];
  }
  const schema =
    method === 'GET' && target.startsWith('/sync/spaces')
      ? SpacesAnswerSchema
      : ANSWERS.find(([path]) => path.test(target))?.[1];
  const read = schema ? parse(schema, jsonOf(text)) : null;
  return read?.ok === false ? [...faults, `not its form: ${read.path}: ${read.fault}`] : faults;
}

export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The ids of spaces that this answer says nothing of the kind "you changed nothing" about. */
export function mayChange(
  { method, target }: FuzzRequest,
  answer: Answer,
): ReadonlySet<string> | 'any' {
  if (answer.status >= 400) return new Set();
  const path = pathOf(target);
  if (method === 'HEAD' && path === '/sync/pull') return 'any';
  const value = jsonOf(answer.text);
  if (path === '/sync/spaces' && answer.status === 201) {
    return new Set([(value as { space: string }).space]);
  }
  if (path !== '/sync/push' && path !== '/sync/pull') return new Set();
  const { spaces } = value as { spaces: Record<string, object> };
  return new Set(Object.keys(spaces).filter((id) => !('error' in (spaces[id] ?? {}))));
}
