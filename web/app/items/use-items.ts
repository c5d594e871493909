/** The items of a list as they are shown: in order and nested. */
import { useMemo } from 'preact/hooks';
import { db, type Item } from '../db.ts';
import { useFollowed, useSameRows } from '../ui/use-live.ts';
import { usePlaces, type Places } from '../ui/use-places.ts';
import { shownDepths } from './outline.ts';

export interface ShownItems {
  /** Undefined while they are being read for the first time. */
  readonly items: readonly Item[] | undefined;
  /** How deep each of them stands. */
  readonly depths: readonly number[];
  readonly showPlaces: Places<Item>['showPlaces'];
}

export function useItems(listId: string): ShownItems {
  const known = useSameRows(useFollowed(() => db.items.live(listId), [listId]));
  const { rows: items, showPlaces } = usePlaces(known);
  const depths = useMemo(() => shownDepths(items ?? []), [items]);
  return { items, depths, showPlaces };
}
