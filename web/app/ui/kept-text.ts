/** Half-typed text that has no record yet: kept at each keystroke, so that a crash does not take it. */
import { useState } from 'preact/hooks';

const PREFIX = 'offing-lists:';

export function useKeptText(key: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => read(key));
  return [
    text,
    (next) => {
      write(key, next);
      setText(next);
    },
  ];
}

// A browser may forbid storage altogether; then the text lives as long as the page.
function read(key: string): string {
  try {
    return localStorage.getItem(PREFIX + key) ?? '';
  } catch {
    return '';
  }
}

function write(key: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, text);
  } catch {
    // As above.
  }
}
