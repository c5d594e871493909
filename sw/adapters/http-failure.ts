/** What a response or an error of fetch stands for, as a failure. */
import { failureOf, parse, ProblemSchema, type Failure } from '../../core/index.ts';

/** Something answered that does not speak our protocol: a captive portal, a proxy, another server. */
export const NOT_OURS: Failure = { kind: 'network', why: 'not-ours' };

export async function readProblem(response: Response): Promise<Failure> {
  const problem = parse(ProblemSchema, parseJson(await response.text()));
  if (!problem.ok) return NOT_OURS;
  return failureOf(response.status, problem.value.code, retryAfter(response), problem.value.path);
}

/** `Retry-After` in ms (RFC 9110, section 10.2.3); its date form is not used by our servers. */
function retryAfter(response: Response): number | undefined {
  const seconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

export function networkFailure(error: unknown): Failure {
  const timedOut = error instanceof DOMException && error.name === 'TimeoutError';
  if (timedOut) return { kind: 'network', why: 'timeout' };
  return error instanceof SyntaxError ? NOT_OURS : { kind: 'network', why: 'unreachable' };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
