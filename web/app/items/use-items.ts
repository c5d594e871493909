/** The items of a list as they are shown: in order and nested. */
import { useMemo } from 'preact/hooks';
import { db, type Item } from '../db.ts';
import { after } from '../ui/after.ts';
import { useFollowed, useSameRows } from '../ui/use-live.ts';
import { usePlaces, type Places } from '../ui/use-places.ts';
import { firstRowsDrawn, useFirstRows, useNotedTop } from './first-rows.ts';
import { shownDepths } from './outline.ts';

export interface ShownItems {
  /** Undefined while they are being read for the first time; of a long list the first of them come before the rest. */
  readonly items: readonly Item[] | undefined;
  /** Whether that is all of them. */
  readonly isWhole: boolean;
  /** How deep each of them stands. */
  readonly depths: readonly number[];
  readonly showPlaces: Places<Item>['showPlaces'];
}

export function useItems(listId: string): ShownItems {
  const all = useFollowed(() => after(firstRowsDrawn(listId), db.items.live(listId)), [listId]);
  const first = useFirstRows(listId);
  const { rows: items, showPlaces } = usePlaces(useSameRows(all ?? first));
  useNotedTop(listId, all && items);
  const depths = useMemo(() => shownDepths(items ?? []), [items]);
  return { items, isWhole: all !== undefined, depths, showPlaces };
}
