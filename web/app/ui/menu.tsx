/** One menu for all buttons that open one: beside its button on a desktop, from below on a phone. */
import { useEffect, useRef } from 'preact/hooks';
import { closeOnBackdrop, useModal } from './dialog.tsx';
import { createStore, useObserved } from './store.ts';

export interface MenuEntry {
  readonly label: string;
  readonly run: () => void;
  /** The keys that do the same. */
  readonly keys?: string;
  readonly isDangerous?: boolean;
  readonly isDisabled?: boolean;
}

interface OpenMenu {
  readonly title: string;
  readonly anchor: Element;
  readonly entries: readonly MenuEntry[];
}

const menu = createStore<OpenMenu | null>(null);

export function openMenu(anchor: Element, title: string, entries: readonly MenuEntry[]): void {
  menu.set({ title, anchor, entries });
}

export function MenuHost() {
  const open = useObserved(menu);
  return open && <Menu key={open.title} {...open} />;
}

const EDGE = 8;

function Menu({ title, anchor, entries }: OpenMenu) {
  const dialog = useModal();
  const chosen = useRef<MenuEntry>(undefined);
  useEffect(() => {
    if (dialog.current) placeBeside(dialog.current, anchor);
    focusEntry(dialog.current, 0);
  }, []);
  const onClose = () => {
    menu.set(null);
    if (anchor instanceof HTMLElement) anchor.focus();
    chosen.current?.run();
  };
  const choose = (entry: MenuEntry) => {
    chosen.current = entry;
    dialog.current?.close();
  };
  return (
    <dialog
      ref={dialog}
      class="menu"
      aria-label={title}
      onClose={onClose}
      onClick={closeOnBackdrop}
      onKeyDown={(event) => moveFocus(event, dialog.current)}
    >
      <div role="menu" aria-label={title} class="menu-entries">
        <div class="menu-title" aria-hidden="true">
          {title}
        </div>
        {entries.map((entry, i) => (
          <button
            key={i}
            type="button"
            role="menuitem"
            class={entry.isDangerous ? 'menu-entry is-dangerous' : 'menu-entry'}
            disabled={entry.isDisabled ?? false}
            aria-keyshortcuts={entry.keys?.replaceAll(' ', '')}
            onClick={() => choose(entry)}
          >
            <span>{entry.label}</span>
            {entry.keys && <kbd aria-hidden="true">{entry.keys}</kbd>}
          </button>
        ))}
      </div>
    </dialog>
  );
}

function entriesOf(dialog: HTMLDialogElement | null): HTMLButtonElement[] {
  return [...(dialog?.querySelectorAll<HTMLButtonElement>('[role=menuitem]:enabled') ?? [])];
}

function focusEntry(dialog: HTMLDialogElement | null, index: number): void {
  const all = entriesOf(dialog);
  all.at(((index % all.length) + all.length) % all.length)?.focus();
}

function moveFocus(event: KeyboardEvent, dialog: HTMLDialogElement | null): void {
  const all = entriesOf(dialog);
  const at = all.findIndex((entry) => entry === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  focusEntry(dialog, to);
}

/** On a phone the style sheet puts it at the lower edge and these are ignored. */
function placeBeside(dialog: HTMLDialogElement, anchor: Element): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = dialog;
  const left = Math.max(EDGE, Math.min(at.right - width, innerWidth - width - EDGE));
  const below = at.bottom + 4;
  const top = below + height > innerHeight - EDGE ? Math.max(EDGE, at.top - height - 4) : below;
  dialog.style.setProperty('--menu-left', `${left}px`);
  dialog.style.setProperty('--menu-top', `${top}px`);
}
