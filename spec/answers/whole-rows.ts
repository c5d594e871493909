/** Answers to a whole request, and none at all. */
import { PROBLEMS, type Failure, type ProblemCode } from '../../core/index.ts';
import type { Row, Rows } from './row.ts';
import { titleIn, type Script } from './way.ts';

const PATIENCE_S = 30;

const answering =
  (response: () => Response): Script =>
  () =>
    response();

const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  Response.json({ status, code }, { status, headers });

const page = (body: string, type: string, status = 200): Row => ({
  script: () => answering(() => new Response(body, { status, headers: { 'Content-Type': type } })),
  failure: { kind: 'network', why: 'not-ours' },
});

const failing = (failure: Failure, fail: () => never): Row => ({ script: () => fail, failure });

function refusing(code: ProblemCode, patience?: number): Row {
  const status = PROBLEMS[code];
  const headers = patience === undefined ? {} : { 'Retry-After': String(patience) };
  return {
    script: () => answering(() => problem(status, code, headers)),
    failure: failureWith(status, code, patience),
    code,
  };
}

function failureWith(status: number, code: ProblemCode, patience?: number): Failure {
  if (status === 401) return { kind: 'auth', code };
  if (status !== 429 && status < 500) return { kind: 'refused', code };
  return patience === undefined
    ? { kind: 'busy', code }
    : { kind: 'busy', code, retryAfter: patience * 1000 };
}

/** A request with the first op of those that wait is refused, and no other. */
const findingFault = (code: ProblemCode): Row => ({
  ...refusing(code),
  wishes: { arrived: false },
  script: ({ space, written }) => {
    const culprit = written.here.find((title) => title.startsWith('mine')) ?? '';
    return (push) =>
      (push.spaces[space]?.ops ?? []).some((op) => titleIn(op) === culprit)
        ? problem(PROBLEMS[code], code)
        : undefined;
  },
});

/** Every code of a whole request, by its name in the table. */
export const PROBLEM_ROWS: Rows = Object.fromEntries(
  (Object.keys(PROBLEMS) as ProblemCode[]).map((code) => [
    `${PROBLEMS[code]} ${code}`,
    refusing(code),
  ]),
);

export const WHOLE_ROWS: Rows = {
  'no connection': failing({ kind: 'network', why: 'unreachable' }, () => {
    throw new TypeError('no route');
  }),
  'a time-out': failing({ kind: 'network', why: 'timeout' }, () => {
    throw new DOMException('late', 'TimeoutError');
  }),
  'a page (200)': page('<html>Welcome to our network</html>', 'text/html'),
  'JSON of another form (200)': page('{"spaces":"none"}', 'application/json'),
  'an answer broken off (200)': page('{"now":17,"spa', 'application/json'),
  'a page (502)': page('<html>Bad gateway</html>', 'text/html', 502),
  'a code that is none of ours (403)': page(
    '{"code":"no_credit","status":403}',
    'application/problem+json',
    403,
  ),
  ...PROBLEM_ROWS,
  '400 bad_request for one op': findingFault('bad_request'),
  '413 too_large for one op': findingFault('too_large'),
  '429 rate_limited, Retry-After': refusing('rate_limited', PATIENCE_S),
  '503 overloaded, Retry-After': refusing('overloaded', PATIENCE_S),
  '507 storage_full, Retry-After': refusing('storage_full', PATIENCE_S),
};
