/** In the editor: what the item's texts were in conflicts that are decided, to put back. */
import { useMemo } from 'preact/hooks';
import { db, type Item } from '../db.ts';
import { useClock } from '../status/use-now.ts';
import { useLive } from '../ui/use-live.ts';
import { whenWords } from '../ui/when.ts';
import { earlierTexts, type TextField } from './earlier-texts.ts';

interface EarlierProps {
  readonly item: Item;
  /** Into its field, as if it had been typed. */
  readonly put: (field: TextField, text: string) => void;
}

export function Earlier({ item, put }: EarlierProps) {
  const conflicts = useLive(() => db.conflicts.of('items', item), [item.id, item.space]);
  const texts = useMemo(() => earlierTexts(conflicts ?? [], item), [conflicts, item]);
  const { now } = useClock(texts);
  if (texts.length === 0) return null;
  return (
    // The focus stays in the field: where a button takes none, leaving the field would end the editing.
    <details class="earlier" onMouseDown={(event) => event.preventDefault()}>
      <summary>Earlier, from two devices at once ({texts.length})</summary>
      <ul>
        {texts.map(({ field, text, mine, at }) => (
          <li key={`${field} ${text}`} data-testid="earlier-text">
            <span class="earlier-text">{text}</span>
            <span class="earlier-by">
              {LABELS[field]}, {mine ? 'this device' : 'another device'}
              {at !== null && `, ${whenWords(at, now)}`}
            </span>
            <button type="button" class="text-button" onClick={() => put(field, text)}>
              Put it back
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

const LABELS: Readonly<Record<TextField, string>> = { title: 'Title', note: 'Note', url: 'Link' };
