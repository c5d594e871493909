/**
 * A sheet over the page: from below on a phone, in the middle on a desktop. The browser's own modal
 * dialog keeps the focus inside and gives it back afterwards.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Announcer } from './announcer.tsx';
import { CloseIcon } from './icons.tsx';

interface SheetProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

export function Sheet({ title, onClose, children }: SheetProps) {
  const dialog = useModal();
  const id = useId();
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => closeOnBackdrop(event)}
    >
      <div class="sheet-inside">
        <header class="sheet-header">
          <h2 id={id}>{title}</h2>
          <form method="dialog">
            <button class="icon-button" aria-label="Close">
              <CloseIcon />
            </button>
          </form>
        </header>
        {children}
        {/* What lies behind a modal dialog is not read out. */}
        <Announcer />
      </div>
    </dialog>
  );
}

/** Opens the dialog when it is mounted; what had the focus gets it back when it closes. */
export function useModal() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      const isLost = document.activeElement === null || document.activeElement === document.body;
      if (isLost && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return dialog;
}

/** The backdrop belongs to the dialog element itself, everything inside to its children. */
export function closeOnBackdrop(event: MouseEvent): void {
  const { target } = event;
  if (target instanceof HTMLDialogElement) target.close();
}
