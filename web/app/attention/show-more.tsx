/** A long list shows its beginning: enough to see what it is about, and quick to open. */
import { useState } from 'preact/hooks';

const AT_FIRST = 20;
const AT_A_TIME = 100;

/** How many of `count` to show, and the button for more of them; null where all are shown. */
export function useSomeOf(count: number) {
  const [most, setMost] = useState(AT_FIRST);
  const hidden = count - most;
  const more = hidden > 0 && (
    <button type="button" class="button" onClick={() => setMost(most + AT_A_TIME)}>
      Show {Math.min(hidden, AT_A_TIME)} more of {hidden}
    </button>
  );
  return { most, more: more || null };
}
