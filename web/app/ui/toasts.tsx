/** Short messages at the edge, most with a way back. They stay while a pointer or the focus is on them. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { createStore, useObserved } from './store.ts';
import { CloseIcon } from './icons.tsx';

export interface Toast {
  readonly text: string;
  readonly tone?: 'alert';
  readonly action?: { readonly label: string; readonly run: () => void };
  /** What it is about: a newer message about the same takes its place. */
  readonly about?: string;
  /** How long it stays; null: until it is closed. */
  readonly ms?: number | null;
}

interface Shown {
  readonly key: number;
  readonly shown: Toast;
}

const UNDO_MS = 10_000;
const PLAIN_MS = 5_000;

const toasts = createStore<readonly Shown[]>([]);
const undone: (() => void)[] = [];
let nextKey = 0;

export function toast(shown: Toast): () => void {
  const key = nextKey++;
  // A newer message takes the place of an older one, but never that of a failure.
  const failures = toasts.current.filter(
    (each) => each.shown.tone === 'alert' && !(shown.about && each.shown.about === shown.about),
  );
  toasts.set([...failures, { key, shown }]);
  return () => dismiss(key);
}

/** Undo stays within reach by keyboard after its message has gone. */
export function toastUndo(text: string, undo: () => void): void {
  const once = () => {
    const at = undone.indexOf(once);
    if (at === -1) return;
    undone.splice(at, 1);
    close();
    undo();
  };
  const close = toast({ text, action: { label: 'Undo', run: once }, ms: UNDO_MS });
  undone.push(once);
}

/** Takes back what was done last; false if there is nothing. */
export function undoLast(): boolean {
  const last = undone.at(-1);
  last?.();
  return last !== undefined;
}

function dismiss(key: number): void {
  toasts.set(toasts.current.filter((each) => each.key !== key));
}

export function Toasts() {
  const all = useObserved(toasts);
  const region = useRef<HTMLDivElement>(null);
  // Shown anew for each message, so that it lies over a sheet that was opened since.
  useLayoutEffect(() => {
    region.current?.hidePopover();
    if (all.length > 0) region.current?.showPopover();
  }, [all]);
  return (
    <div ref={region} class="toasts" popover="manual" role="region" aria-label="Messages">
      {all.map(({ key, shown }) => (
        <ToastView key={key} {...shown} close={() => dismiss(key)} />
      ))}
    </div>
  );
}

function ToastView({ text, tone, action, ms, close }: Toast & { close: () => void }) {
  const [isHeld, setHeld] = useState(false);
  const stays = ms === undefined ? PLAIN_MS : ms;
  useEffect(() => {
    if (isHeld || stays === null) return;
    const timer = setTimeout(close, stays);
    return () => clearTimeout(timer);
  }, [isHeld]);
  const run = () => {
    close();
    action?.run();
  };
  return (
    <div
      class={tone === 'alert' ? 'toast is-alert' : 'toast'}
      role={tone === 'alert' ? 'alert' : 'status'}
      data-testid="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={() => setHeld(true)}
      onFocusOut={() => setHeld(false)}
    >
      <span class="toast-text">{text}</span>
      {action && (
        <button type="button" class="toast-action" onClick={run}>
          {action.label}
        </button>
      )}
      <button
        type="button"
        class="icon-button toast-close"
        aria-label="Close message"
        onClick={close}
      >
        <CloseIcon />
      </button>
    </div>
  );
}
