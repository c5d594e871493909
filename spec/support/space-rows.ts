/** The rows of spaces as the engine has them: of two tables, read past its transactions. */
import { OWN_KEY, type OwnRow } from '../../sw/adapters/own-row.ts';
import { spaceRowOf, type StoredSpace } from '../../sw/adapters/space-rows.ts';
import type { SpaceRow } from '../../sw/engine/ports.ts';

/** Of all rows of `_spaces` and of `_meta`. */
export function spaceRowsOf(spaces: readonly StoredSpace[], meta: readonly OwnRow[]): SpaceRow[] {
  const counts = meta.find(({ key }) => key === OWN_KEY)?.counts;
  return spaces.map((row) => spaceRowOf(row, counts?.accepted[row.space] ?? 0));
}
