/** The focus follows its row: elements that move lose it, and some do not exist until the next render. */
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface RowPart {
  readonly id: string;
  /** Which of the row's controls: its `data-part`. */
  readonly part: string;
}

/** Where in the rows an event comes from; undefined inside an editor, whose keys are its own. */
export function partOf(target: EventTarget | null): RowPart | undefined {
  if (!(target instanceof HTMLElement)) return undefined;
  const id = target.closest<HTMLElement>('[data-id]')?.dataset['id'];
  const part = target.closest<HTMLElement>('[data-part]')?.dataset['part'];
  return id === undefined || part === undefined ? undefined : { id, part };
}

/**
 * Gives the focus to a part of a row after the next render; until then `wanted` says which, so that
 * it is there.
 */
export function useRowFocus(rows: { readonly current: HTMLElement | null }) {
  const wanted = useRef<RowPart | null>(null);
  const [, render] = useState({});
  useLayoutEffect(() => {
    if (!wanted.current) return;
    const { id, part } = wanted.current;
    wanted.current = null;
    const row = rows.current?.querySelector(`[data-id="${CSS.escape(id)}"]`);
    const control =
      row?.querySelector<HTMLElement>(`[data-part=${part}]`) ??
      row?.querySelector<HTMLElement>('[data-part=text]');
    control?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  });
  const focusLater = useCallback((id: string, part: string) => {
    wanted.current = { id, part };
    render({});
  }, []);
  return { focusLater, wanted: wanted as { readonly current: RowPart | null } };
}
