/** Rows in their order, shown where they were moved to the moment they are moved. */
import { useMemo, useState } from 'preact/hooks';
import { inOrder, type Placed } from '../order.ts';

type Changed<R> = ReadonlyMap<string, Partial<R>>;

export interface Places<R> {
  readonly rows: readonly R[] | undefined;
  /** Shows these fields of these rows until the write that makes them true has settled. */
  showPlaces(changed: Changed<R>, write: Promise<boolean>): void;
}

/** By then a live query has brought what a settled write wrote. */
const LIVE_AGAIN_MS = 250;

export function usePlaces<R extends Placed>(known: readonly R[] | undefined): Places<R> {
  const [shown, setShown] = useState<Changed<R>>(new Map());
  const rows = useMemo(() => known?.map((row) => placed(row, shown)).sort(inOrder), [known, shown]);
  return {
    rows,
    showPlaces(changed, write) {
      setShown((before) => new Map([...before, ...changed]));
      const drop = () => setShown((before) => without(before, changed));
      void write.then((isWritten) => setTimeout(drop, isWritten ? LIVE_AGAIN_MS : 0));
    },
  };
}

function placed<R extends Placed>(row: R, shown: Changed<R>): R {
  const changed = shown.get(row.id);
  return changed ? { ...row, ...changed } : row;
}

/** What was shown over it in the meantime stays. */
function without<R>(shown: Changed<R>, changed: Changed<R>): Changed<R> {
  return new Map([...shown].filter(([id, fields]) => changed.get(id) !== fields));
}
