/** Ctrl+Z takes back the last thing that can be, except where it belongs to the text being typed. */
import { undoLast } from './toasts.tsx';

export function listenForUndo(): void {
  addEventListener('keydown', (event) => {
    const isUndo = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey);
    if (!isUndo || event.shiftKey || event.altKey || isTyping(event.target)) return;
    if (undoLast()) event.preventDefault();
  });
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLTextAreaElement ||
  target instanceof HTMLSelectElement ||
  (target instanceof HTMLInputElement && target.type !== 'checkbox');
