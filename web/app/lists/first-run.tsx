/** Nothing here yet: a word of welcome, and lists to start from for those who like one. */
import { navigate } from '../router.ts';
import { openSheet } from '../sheets.ts';
import { addFilledList } from './list-actions.ts';

const SUGGESTIONS = [
  {
    title: 'Weekend packing',
    items: ['Phone charger', 'Toothbrush', 'Rain jacket', 'Socks, two pairs', 'Book', 'Keys'],
  },
  { title: 'Groceries', items: ['Bread', 'Milk', 'Apples', 'Coffee'] },
  { title: 'This week', items: ['Call home', 'Water the plants'] },
];

export function FirstRun() {
  const start = async ({ title, items }: (typeof SUGGESTIONS)[number]) => {
    const id = await addFilledList(
      [],
      title,
      items.map((item) => ({ title: item })),
    );
    if (id !== null) navigate({ name: 'list', id });
  };
  return (
    <div class="first-run" data-testid="first-run">
      <p>
        <strong>No lists yet.</strong> Name your first one, or start from one of these. Everything
        you write is saved on this device at once, with or without a connection.
      </p>
      <ul class="suggestions">
        {SUGGESTIONS.map((suggestion) => (
          <li key={suggestion.title}>
            <button type="button" class="button" onClick={() => void start(suggestion)}>
              {suggestion.title}
            </button>
          </li>
        ))}
        <li>
          <button type="button" class="button" onClick={() => openSheet({ name: 'import' })}>
            Import…
          </button>
        </li>
      </ul>
    </div>
  );
}
