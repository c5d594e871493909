/** What an import would bring: how much of it, its beginning, and what stays behind. */
import { countItems, type Parsed, type TransferItem } from './model.ts';

const LISTS_SHOWN = 8;
const ITEMS_SHOWN = 3;
const SKIPPED_SHOWN = 3;

export function ImportPreview({ parsed: { lists, skipped } }: { parsed: Parsed }) {
  const items = countItems(lists);
  return (
    <section class="import-preview" aria-label="Preview">
      <p data-testid="import-summary">
        <strong>
          {counted(lists.length, 'list')}, {counted(items, 'item')}
        </strong>
      </p>
      <ul>
        {lists.slice(0, LISTS_SHOWN).map(({ title, items: own }, i) => (
          <li key={i}>
            <strong>{title || 'Untitled'}</strong> ({own.length})
            {own.length > 0 && <span class="import-items">: {beginning(own)}</span>}
          </li>
        ))}
        {lists.length > LISTS_SHOWN && <li>and {lists.length - LISTS_SHOWN} more</li>}
      </ul>
      {skipped.length > 0 && (
        <details>
          <summary>{counted(skipped.length, 'line')} of other text will be left out</summary>
          <ul>
            {skipped.slice(0, SKIPPED_SHOWN).map(({ line, text }) => (
              <li key={line}>
                line {line}: {text.slice(0, 80)}
              </li>
            ))}
            {skipped.length > SKIPPED_SHOWN && <li>…</li>}
          </ul>
        </details>
      )}
    </section>
  );
}

const beginning = (items: readonly TransferItem[]): string =>
  items
    .slice(0, ITEMS_SHOWN)
    .map(({ title }) => title)
    .join(', ') + (items.length > ITEMS_SHOWN ? ' …' : '');

const counted = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? '' : 's'}`;
