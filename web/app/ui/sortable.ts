/**
 * Reordering by dragging, on touch and mouse. SortableJS moves the elements; here the move is taken
 * back at once and only reported, because Preact would be lost if others moved its elements.
 */
import { useEffect, useRef } from 'preact/hooks';
import type { SortableEvent } from 'sortablejs';

/** When a page that was just opened has other things to do: ms from its beginning. */
const STARTING_MS = 400;

/** A seventh of all code, and nothing that the first sight of a list needs: it comes after it. */
async function loadSortable() {
  const left = STARTING_MS - performance.now();
  if (left > 0) await new Promise((done) => setTimeout(done, left));
  const { AutoScroll, Sortable } = await import('sortablejs/modular/sortable.core.esm.js');
  if (!isMounted) Sortable.mount(new AutoScroll());
  isMounted = true;
  return Sortable;
}
let isMounted = false;

/** A row that was dragged, by its `data-id`, and the rows right beside it now. */
export interface Dragged {
  readonly id: string;
  readonly above: string | undefined;
  readonly below: string | undefined;
}

export interface Dragging {
  readonly onMoved: (dragged: Dragged) => void;
  /** From now on, until it is called again, its neighbours are not to come and go. */
  readonly onHeld?: (isHeld: boolean) => void;
}

/** Before which of `ids` it stands now; at their length behind the last, undefined where nobody knows. */
export function placeBefore({ above, below }: Dragged, ids: readonly string[]): number | undefined {
  const [over, under] = [above, below].map((id) => (id === undefined ? -1 : ids.indexOf(id)));
  if (over !== undefined && over >= 0) return over + 1;
  return under !== undefined && under >= 0 ? under : undefined;
}

/** Makes the children of the element that have a `data-id` draggable by their `.handle`. */
export function useSortable(
  element: { readonly current: HTMLElement | null },
  dragging: Dragging,
): void {
  const latest = useRef(dragging);
  latest.current = dragging;
  useEffect(() => {
    let stop = () => {};
    let isOver = false;
    const begin = (Sortable: Awaited<ReturnType<typeof loadSortable>>) => {
      if (isOver || !element.current) return;
      const sortable = Sortable.create(element.current, optionsFor(latest));
      stop = () => sortable.destroy();
    };
    // Where it cannot be had there are the keys and the menu; the next list tries again.
    loadSortable().then(begin, () => {});
    return () => {
      isOver = true;
      stop();
    };
  }, []);
}

const optionsFor = (latest: { readonly current: Dragging }) => {
  /** What it stood before. A place would not do: rows may come and go above it. */
  let next: Element | null = null;
  return {
    handle: '.handle',
    draggable: '[data-id]',
    animation: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 150,
    // One behaviour for mouse and touch, and no clash with files that are dragged in.
    forceFallback: true,
    fallbackTolerance: 4,
    ghostClass: 'is-drag-place',
    dragClass: 'is-dragged',
    scroll: true,
    bubbleScroll: true,
    onStart({ item }: SortableEvent) {
      next = item.nextElementSibling;
      latest.current.onHeld?.(true);
    },
    onEnd({ from, item }: SortableEvent) {
      const id = idOf(item);
      const [above, below] = [idOf(item.previousElementSibling), idOf(item.nextElementSibling)];
      const isMoved = item.nextElementSibling !== next;
      if (isMoved) from.insertBefore(item, next?.parentNode === from ? next : null);
      if (isMoved && id !== undefined) latest.current.onMoved({ id, above, below });
      latest.current.onHeld?.(false);
    },
  };
};

const idOf = (row: Element | null): string | undefined =>
  row instanceof HTMLElement ? row.dataset['id'] : undefined;
