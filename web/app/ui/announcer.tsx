/** Says to screen readers what others see happen. */
import { createStore, useObserved } from './store.ts';

const said = createStore({ text: '', count: 0 });

export function announce(text: string): void {
  said.set({ text, count: said.current.count + 1 });
}

/** Two regions in turn: a reader does not repeat a text that has not changed. */
export function Announcer() {
  const { text, count } = useObserved(said);
  return (
    <div class="visually-hidden">
      <div role="status" aria-live="polite" data-testid="announcer">
        {count % 2 === 0 ? text : ''}
      </div>
      <div role="status" aria-live="polite">
        {count % 2 === 1 ? text : ''}
      </div>
    </div>
  );
}
