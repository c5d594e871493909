/**
 * What can go wrong between here and the server, as values. Matched by `kind` and `code`, never by
 * a message. A fault of our own code is an Error and is thrown; a failure is expected and returned.
 */
import type { ProblemCode } from './wire.ts';

export type Failure =
  /** Nothing came back, or nothing of ours: no network, a time-out, a captive portal. */
  | { readonly kind: 'network'; readonly why: 'unreachable' | 'timeout' | 'not-ours' }
  /** The server is there and asks for patience; `retryAfter` in ms if it said how much. */
  | { readonly kind: 'busy'; readonly code: ProblemCode; readonly retryAfter?: number }
  /** No token, or one that no longer counts: the outbox waits, and no retry is counted. */
  | { readonly kind: 'auth'; readonly code: ProblemCode }
  /** The server cannot take the request as it is; the path says where it is at fault. */
  | { readonly kind: 'refused'; readonly code: ProblemCode; readonly path?: string };

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** The failure that a problem of this status and code stands for; `retryAfter` in ms. */
export function failureOf(
  status: number,
  code: ProblemCode,
  retryAfter?: number,
  path?: string,
): Failure {
  if (status === 401) return { kind: 'auth', code };
  if (status === 429 || status >= 500) {
    return retryAfter === undefined ? { kind: 'busy', code } : { kind: 'busy', code, retryAfter };
  }
  return path === undefined ? { kind: 'refused', code } : { kind: 'refused', code, path };
}
