/** A real link within the app: it can be opened in a new tab, and costs no page load in this one. */
import type { ComponentChildren } from 'preact';
import { pathOf, type Route } from '../route.ts';
import { navigate } from '../router.ts';

interface LinkProps {
  readonly to: Route;
  readonly class: string;
  readonly children: ComponentChildren;
  readonly isCurrent?: boolean;
  readonly part?: string;
}

export function Link({ to, class: name, children, isCurrent = false, part }: LinkProps) {
  const onClick = (event: MouseEvent) => {
    const wantsOwn = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
    if (wantsOwn) return;
    event.preventDefault();
    navigate(to);
  };
  return (
    <a
      class={name}
      href={pathOf(to)}
      data-part={part}
      aria-current={isCurrent ? 'page' : undefined}
      draggable={false}
      onClick={onClick}
    >
      {children}
    </a>
  );
}
