/** Live queries as state. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { db } from '../db.ts';
import type { Live } from '../../lib/index.ts';
import { errorWords } from './error-words.ts';
import { shallowEqual } from './memo.ts';
import { toast } from './toasts.tsx';

export function reportReadFailure(error: unknown): void {
  const text = `The lists cannot be read: ${errorWords(error)} Reload the page.`;
  toast({ text, tone: 'alert', about: 'reading', ms: null });
}

/** Undefined until the first answer; then what the query says, again and again. */
export const useLive = <T>(query: () => Promise<T>, inputs: readonly unknown[]): T | undefined =>
  useFollowed(() => db.live(query), inputs);

/** The same of anything that is followed. */
export function useFollowed<T>(live: () => Live<T>, inputs: readonly unknown[]): T | undefined {
  const [value, setValue] = useState<T>();
  useEffect(() => {
    setValue(undefined);
    const subscription = live().subscribe({
      next: (found) => setValue(() => found),
      error: reportReadFailure,
    });
    return () => subscription.unsubscribe();
  }, inputs);
  return value;
}

/** Rows as they are followed: one that is as it was stays the same object, so that it need not render. */
export function useSameRows<R extends { readonly id: string }>(
  rows: readonly R[] | undefined,
): readonly R[] | undefined {
  const known = useRef<ReadonlyMap<string, R>>(new Map());
  const last = useRef<{ from: readonly R[] | undefined; rows: readonly R[] | undefined }>(
    undefined,
  );
  if (last.current && last.current.from === rows) return last.current.rows;
  const kept = rows?.map((row) => keep(known.current.get(row.id), row));
  known.current = new Map(kept?.map((row) => [row.id, row]));
  last.current = { from: rows, rows: kept };
  return kept;
}

const keep = <R extends object>(known: R | undefined, row: R): R =>
  known && known !== row && shallowEqual(known, row) ? known : row;
