import { describe, expect, it } from 'vitest';
import { failureOf } from './failure.ts';
import { PROBLEMS, type ProblemCode } from './wire.ts';

const kindOf = (code: ProblemCode) => failureOf(PROBLEMS[code], code).kind;

describe('a problem of the whole request', () => {
  it.each<[string, ProblemCode[]]>([
    ['auth', ['token_missing', 'token_invalid', 'token_expired', 'token_revoked']],
    ['busy', ['rate_limited', 'internal', 'overloaded', 'storage_full']],
    ['refused', ['bad_request', 'wrong_account', 'too_large', 'client_too_old', 'not_found']],
  ])('[BO3] is %s for %j', (kind, codes) => {
    expect(codes.map(kindOf)).toEqual(codes.map(() => kind));
  });

  it('[BO3] keeps the server’s Retry-After and the path of a fault', () => {
    expect(failureOf(503, 'overloaded', 3000)).toEqual({
      kind: 'busy',
      code: 'overloaded',
      retryAfter: 3000,
    });
    expect(failureOf(400, 'bad_request', undefined, 'spaces')).toEqual({
      kind: 'refused',
      code: 'bad_request',
      path: 'spaces',
    });
  });
});
