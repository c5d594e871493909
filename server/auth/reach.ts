/**
 * Who asks, and how far that reaches: a token speaks for an account, and may be narrower than it.
 * Pure. Knows nothing of headers, hashes or tables.
 */
import type { AccountId, SpaceId } from '../../core/index.ts';

/** What an account may do in a space; each includes the ones before it. */
export const GRANTS = ['read', 'write', 'own'] as const;
export type Grant = (typeof GRANTS)[number];

export interface Asker {
  readonly account: AccountId;
  readonly token: string;
  /** The one space that the token reaches; `null` reaches all of the account's, later ones too. */
  readonly onlySpace: SpaceId | null;
  readonly readOnly: boolean;
}

export const covers = (asker: Asker, space: SpaceId): boolean =>
  asker.onlySpace === null || asker.onlySpace === space;

/** What the asker may do with a space that the token covers, given the account's grant there. */
export const narrowed = (asker: Asker, grant: Grant | null): Grant | null =>
  grant !== null && asker.readOnly ? 'read' : grant;
