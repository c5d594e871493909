/**
 * Reordering by dragging, on touch and mouse. SortableJS moves the elements; here the move is taken
 * back at once and only reported, because Preact would be lost if others moved its elements.
 */
import { useEffect, useRef } from 'preact/hooks';
import { AutoScroll, Sortable } from 'sortablejs/modular/sortable.core.esm.js';

Sortable.mount(new AutoScroll());

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
    if (!element.current) return;
    const sortable = Sortable.create(element.current, {
      handle: '.handle',
      animation: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 150,
      // One behaviour for mouse and touch, and no clash with files that are dragged in.
      forceFallback: true,
      fallbackTolerance: 4,
      ghostClass: 'is-drag-place',
      dragClass: 'is-dragged',
      scroll: true,
      bubbleScroll: true,
      onEnd({ from, item, oldIndex, newIndex }) {
        if (oldIndex === undefined || newIndex === undefined || oldIndex === newIndex) return;
        item.remove();
        from.insertBefore(item, from.children[oldIndex] ?? null);
        latest.current(oldIndex, newIndex);
      },
    });
    return () => sortable.destroy();
  }, []);
}
