/**
 * Keeps only the rows in view in the page where a list is long: tens of thousands of rows cost a
 * browser seconds, and each change of one of them again. What is gained is paid for by the browser's
 * own search within a page, which sees only what is there; so a list of a common length stays whole.
 */
import { options } from 'preact';
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { covers, partsOf, rowsBetween, topsOf, type Part, type Range } from './rows-in-view.ts';

/** Up to so many rows a list is whole. */
const WHOLE_UP_TO = 500;
/** Before anything was measured. */
const FIRST_ROWS = 40;
const LIKELY_HEIGHT = 46;

export interface RowsInView {
  readonly parts: readonly Part[];
  /** Whether some rows may not be in the page. */
  readonly isLong: boolean;
  /** While a row is dragged its neighbours stay, and nothing comes beside them. */
  readonly hold: (isHeld: boolean) => void;
}

interface InViewOptions {
  readonly element: { readonly current: HTMLElement | null };
  readonly ids: readonly string[];
  /** Rows that are in the page wherever it is scrolled to. */
  readonly always: readonly number[];
}

/** The element's rows are its children with a `data-id`; it lies in one that scrolls. */
export function useRowsInView({ element, ids, always }: InViewOptions): RowsInView {
  const heights = useRef(new Map<string, number>());
  const likely = useRef<number>(undefined);
  const isHeld = useRef(false);
  const [measured, setMeasured] = useState(0);
  const [shown, setShown] = useState<Range>({ from: 0, to: FIRST_ROWS });
  const isPrinted = usePrinting();
  const isLong = ids.length > WHOLE_UP_TO && !isPrinted;
  const tops = useMemo(() => {
    const heightOf = (i: number): number =>
      heights.current.get(ids[i] ?? '') ?? likely.current ?? LIKELY_HEIGHT;
    return isLong ? topsOf(ids.length, heightOf) : [];
  }, [ids, isLong, measured]);

  const latest = useRef({ tops, shown });
  latest.current = { tops, shown };
  const look = useCallback(() => {
    const scroller = element.current && scrollerOf(element.current);
    if (!element.current || !scroller || isHeld.current) return;
    const view = scroller.clientHeight;
    const top = scroller.getBoundingClientRect().top - element.current.getBoundingClientRect().top;
    const rows = (around: number): Range =>
      rowsBetween(latest.current.tops, top - around, top + view + around);
    if (!covers(latest.current.shown, rows(view / 2))) setShown(rows(1.5 * view));
  }, []);

  useLayoutEffect(() => {
    const scroller = isLong && element.current && scrollerOf(element.current);
    if (!scroller) return;
    const resized = new ResizeObserver(look);
    resized.observe(scroller);
    scroller.addEventListener('scroll', look, { passive: true });
    return () => {
      resized.disconnect();
      scroller.removeEventListener('scroll', look);
    };
  }, [isLong]);

  useLayoutEffect(() => {
    if (!isLong || !element.current) return;
    if (measure(element.current, heights.current)) setMeasured((times) => times + 1);
    // Once and for all: what it says of rows never seen is a guess, and a scroll bar that jumps is worse.
    likely.current ??= mean([...heights.current.values()]);
    look();
  });

  const hold = useCallback((held: boolean) => {
    isHeld.current = held;
    if (!held) look();
  }, []);
  const whole = useMemo(() => ids.map((_, index): Part => ({ kind: 'row', index })), [ids]);
  return { parts: isLong ? partsOf(tops, shown, always) : whole, isLong, hold };
}

function scrollerOf(element: HTMLElement): HTMLElement | null {
  let at: HTMLElement | null = element.parentElement;
  while (at && !/auto|scroll/.test(getComputedStyle(at).overflowY)) at = at.parentElement;
  return at;
}

/** Whether a row has another height than was known. */
function measure(element: HTMLElement, heights: Map<string, number>): boolean {
  let isNew = false;
  for (const row of element.children) {
    const id = row instanceof HTMLElement ? row.dataset['id'] : undefined;
    if (id === undefined) continue;
    const { height } = row.getBoundingClientRect();
    if (heights.get(id) === height) continue;
    heights.set(id, height);
    isNew = true;
  }
  return isNew;
}

const mean = (numbers: readonly number[]): number | undefined =>
  numbers.length > 0 ? numbers.reduce((sum, n) => sum + n, 0) / numbers.length : undefined;

/** On paper is all of it. A browser prints what is there when its event is over: rendered at once. */
function usePrinting(): boolean {
  const [isPrinted, setPrinted] = useState(false);
  useLayoutEffect(() => {
    const render = (to: boolean) => (): void => {
      const { debounceRendering } = options;
      options.debounceRendering = (now) => now();
      setPrinted(to);
      if (debounceRendering) options.debounceRendering = debounceRendering;
      else delete options.debounceRendering;
    };
    const [before, after] = [render(true), render(false)];
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, []);
  return isPrinted;
}
