/** Half-typed text that has no record yet: kept at each keystroke, so that a crash does not take it. */
import { useState } from 'preact/hooks';
import { keep, readKept } from './kept.ts';

export function useKeptText(key: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => readKept(key));
  return [
    text,
    (next) => {
      keep(key, next);
      setText(next);
    },
  ];
}
