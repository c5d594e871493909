/** Keeps a client out whose history is not the log's, before anything of it is taken. Pure. */
import type { SpaceError } from '../../core/index.ts';
import type { StoredSpace } from '../store/port.ts';
import type { LogRequest } from './request.ts';

/** The error that the request runs into, or null. `digestAtSince` is the log's own. */
export function fenceOf(
  { epoch, head, horizon, from }: StoredSpace,
  request: Pick<LogRequest, 'since' | 'epoch' | 'digest'>,
  digestAtSince: string | null,
): SpaceError | null {
  const { since } = request;
  if (request.epoch !== undefined && request.epoch !== epoch) {
    return { code: 'epoch_changed', epoch, from, head };
  }
  if (since > head) return { code: 'cursor_ahead', head };
  if (since < horizon) return { code: 'cursor_expired', horizon };
  if (request.digest !== undefined && request.digest !== digestAtSince) {
    return { code: 'digest_mismatch', seq: since };
  }
  return null;
}
