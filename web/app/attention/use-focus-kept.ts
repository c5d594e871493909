/** The focus in a list whose entries go as they are dealt with: it stays at the place, with the one that follows. */
import { useLayoutEffect, useRef } from 'preact/hooks';

/** `about`: the record whose entry has it at first, as soon as that is there. */
export function useFocusKept(about: string | null) {
  const container = useRef<HTMLDivElement>(null);
  const place = useRef<number | null>(null);
  const wanted = useRef(about);
  const entries = () => [...(container.current?.querySelectorAll<HTMLElement>('.entry') ?? [])];
  useLayoutEffect(() => {
    const first = entries().find(({ dataset }) => dataset['about'] === wanted.current);
    if (first) {
      wanted.current = null;
      return first.focus();
    }
    const active = document.activeElement;
    const isLost = active === null || active === document.body;
    if (!isLost || place.current === null) return;
    const all = entries();
    (all[place.current] ?? all.at(-1) ?? container.current)?.focus();
  });
  const onFocusIn = ({ target }: FocusEvent) => {
    const entry = target instanceof Element ? target.closest<HTMLElement>('.entry') : null;
    if (entry) place.current = entries().indexOf(entry);
  };
  return { container, onFocusIn };
}
