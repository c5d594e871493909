/** A request refused whole: an error that knows its answer (RFC 9457), with the wire's stable code. */
import { PROBLEMS } from '../../core/index.ts';
import type { Problem, ProblemCode } from '../../core/index.ts';

/** What a person who reads the answer is told. Programs read `code`. */
const TITLES: Record<ProblemCode, string> = {
  bad_request: 'The request is not of the form that the protocol gives it.',
  protocol_unsupported: 'This server does not speak that version of the protocol.',
  token_missing: 'A token is needed: Authorization: Bearer …',
  token_invalid: 'That token is not known here.',
  token_expired: 'That token has expired.',
  token_revoked: 'That token was revoked.',
  forbidden: 'The token does not reach that far.',
  wrong_account: 'The token speaks for another account.',
  no_such_space: 'There is no such space.',
  no_such_snapshot: 'That snapshot is not here any more: begin with the newest.',
  not_found: 'There is nothing here.',
  no_worker: 'This is for the service worker, and none caught it.',
  space_deleted: 'That space was deleted.',
  too_large: 'That is more than the server takes at once.',
  unsupported_media: 'The server does not take that kind of body.',
  client_too_old: 'This client is too old for the server.',
  rate_limited: 'Too many requests.',
  internal: 'The server failed. Nothing of the request is known to be taken.',
  overloaded: 'The server is busy.',
  storage_full: 'The server has no room left.',
};

export interface ProblemMore extends Pick<Problem, 'detail' | 'path' | 'limit' | 'versions'> {
  readonly headers?: Readonly<Record<string, string>>;
}

export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly more: ProblemMore;

  constructor(code: ProblemCode, more: ProblemMore = {}) {
    super(code);
    this.code = code;
    this.more = more;
  }

  toResponse(): Response {
    const { headers, ...members } = this.more;
    const status = PROBLEMS[this.code];
    const body = { code: this.code, status, title: TITLES[this.code], ...members };
    return Response.json(body, {
      status,
      headers: {
        'Content-Type': 'application/problem+json',
        'Cache-Control': 'no-store',
        ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
        ...headers,
      },
    });
  }
}
