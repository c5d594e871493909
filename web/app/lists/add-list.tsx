/** The line that adds a list and opens it. */
import type { TargetedSubmitEvent } from 'preact';
import type { List } from '../db.ts';
import { navigate } from '../router.ts';
import { PlusIcon } from '../ui/icons.tsx';
import { useKeptText } from '../ui/kept-text.ts';
import { addList } from './list-actions.ts';

export function AddList({ lists }: { lists: readonly List[] }) {
  const [title, setTitle] = useKeptText('new-list');
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const wanted = title.trim();
    if (wanted === '') return;
    setTitle('');
    const id = await addList(lists, wanted);
    if (id === null) setTitle(wanted);
    else navigate({ name: 'list', id });
  };
  return (
    <form class="add-form" onSubmit={(event) => void submit(event)}>
      <input
        class="add-input"
        aria-label="New list"
        placeholder="New list"
        autocomplete="off"
        enterkeyhint="done"
        maxLength={1000}
        value={title}
        onInput={(event) => setTitle(event.currentTarget.value)}
      />
      <button class="icon-button add-button" aria-label="Add list">
        <PlusIcon />
      </button>
    </form>
  );
}
