/**
 * Reordering by dragging, on touch and mouse. SortableJS moves the elements; here the move is taken
 * back at once and only reported, because Preact would be lost if others moved its elements.
 */
import { useEffect, useRef } from 'preact/hooks';
import type { SortableEvent } from 'sortablejs';

/** A seventh of all code, and nothing that the first sight of a list needs: it comes right after it. */
async function loadSortable() {
  const { AutoScroll, Sortable } = await import('sortablejs/modular/sortable.core.esm.js');
  if (!isMounted) Sortable.mount(new AutoScroll());
  isMounted = true;
  return Sortable;
}
let isMounted = false;

/**
 * Makes the children of the element draggable by their `.handle`; `onMoved` gets their places among
 * its children, before and after.
 */
export function useSortable(
  element: { readonly current: HTMLElement | null },
  onMoved: (from: number, to: number) => void,
): void {
  const latest = useRef(onMoved);
  latest.current = onMoved;
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

const optionsFor = (latest: { readonly current: (from: number, to: number) => void }) => ({
  handle: '.handle',
  animation: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 150,
  // One behaviour for mouse and touch, and no clash with files that are dragged in.
  forceFallback: true,
  fallbackTolerance: 4,
  ghostClass: 'is-drag-place',
  dragClass: 'is-dragged',
  scroll: true,
  bubbleScroll: true,
  onEnd({ from, item, oldIndex, newIndex }: SortableEvent) {
    if (oldIndex === undefined || newIndex === undefined || oldIndex === newIndex) return;
    item.remove();
    from.insertBefore(item, from.children[oldIndex] ?? null);
    latest.current(oldIndex, newIndex);
  },
});
