/**
 * Whether a request may enter its space at all, and which space that is: the log's, or one made for
 * it. Pure.
 */
import { EMPTY_DIGEST, FIRST_SEQ } from '../../core/index.ts';
import type { Epoch, SpaceError } from '../../core/index.ts';
import type { Grant } from '../auth/reach.ts';
import type { Facts, StoredSpace } from '../store/port.ts';
import type { LogRequest } from './request.ts';

/** The facts as one token has them. */
export interface Standing extends Omit<Facts, 'grant'> {
  /** The account's grant, narrowed to what its token may. */
  readonly access: Grant | null;
  readonly mayMake: boolean;
}

export interface Entry {
  readonly space: StoredSpace;
  readonly access: Grant;
  readonly made: boolean;
}

/** The space that the request enters, made for it where it asks and may, or why it cannot. */
export function enter(
  { space, access, mayMake }: Pick<Standing, 'space' | 'access' | 'mayMake'>,
  { create, since, epoch }: Pick<LogRequest, 'create' | 'since' | 'epoch'>,
  newEpoch: () => Epoch,
): Entry | SpaceError {
  if (space) {
    if (access === null) return { code: 'forbidden' };
    return space.isDeleted ? { code: 'space_deleted' } : { space, access, made: false };
  }
  // Who has folded a log that is not here must hear that it is gone, and not be given a new one.
  if (!create || since > 0 || epoch !== undefined) return { code: 'no_such_space' };
  if (!mayMake) return { code: 'forbidden' };
  return { space: emptySpace(newEpoch()), access: 'own', made: true };
}

const emptySpace = (epoch: Epoch): StoredSpace => ({
  epoch,
  from: FIRST_SEQ,
  head: FIRST_SEQ,
  horizon: FIRST_SEQ,
  digest: EMPTY_DIGEST,
  isDeleted: false,
});
