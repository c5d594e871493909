/** The line that adds items: Enter adds and stays for the next; many pasted lines become many items. */
import type { TargetedClipboardEvent, TargetedSubmitEvent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { TransferItem } from '../transfer/model.ts';
import { PlusIcon } from '../ui/icons.tsx';
import { useKeptText } from '../ui/kept-text.ts';
import type { NewItem } from './item-actions.ts';
import { itemsFromPaste } from './pasted.ts';

interface AddItemProps {
  readonly listId: string;
  readonly inputRef: { current: HTMLInputElement | null };
  readonly add: (items: readonly NewItem[]) => Promise<boolean>;
}

export function AddItem({ listId, inputRef, add }: AddItemProps) {
  const [text, setText] = useKeptText(`new-item:${listId}`);
  const [offer, setOffer] = useState<{ text: string; items: readonly TransferItem[] } | null>(null);
  const isFree = useRef(true);

  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const title = text.trim();
    if (title === '') return;
    setText('');
    isFree.current = true;
    // What could not be kept comes back, unless something else was begun.
    if (!(await add([{ title }])) && isFree.current) setText(title);
  };
  const onPaste = (event: TargetedClipboardEvent<HTMLInputElement>) => {
    const pasted = event.clipboardData?.getData('text/plain') ?? '';
    const items = itemsFromPaste(pasted);
    if (!items) return;
    event.preventDefault();
    setOffer({ text: pasted, items });
  };
  const answer = (run: () => void) => {
    setOffer(null);
    run();
    inputRef.current?.focus();
  };
  return (
    <div class="add-item">
      {offer && (
        <div class="paste-offer" role="group" aria-label="Pasted lines">
          <p>You pasted {offer.items.length} lines.</p>
          <button
            type="button"
            class="button is-primary"
            ref={(button) => button?.focus()}
            onClick={() => answer(() => void add(offer.items))}
          >
            Add {offer.items.length} items
          </button>
          <button
            type="button"
            class="button"
            onClick={() => answer(() => setText(text + offer.text.replace(/\s*[\r\n]+\s*/g, ' ')))}
          >
            Paste as one
          </button>
          <button type="button" class="button" onClick={() => answer(() => undefined)}>
            Cancel
          </button>
        </div>
      )}
      <form class="add-form" onSubmit={(event) => void submit(event)}>
        <input
          ref={inputRef}
          class="add-input"
          aria-label="Add an item"
          placeholder="Add an item"
          autocomplete="off"
          enterkeyhint="enter"
          maxLength={10_000}
          value={text}
          onInput={(event) => {
            isFree.current = false;
            setText(event.currentTarget.value);
          }}
          onPaste={onPaste}
        />
        <button class="icon-button add-button" aria-label="Add">
          <PlusIcon />
        </button>
      </form>
    </div>
  );
}
