/** An item being edited in its place. Each field is saved by itself, so that the others stay free. */
import type { TargetedFocusEvent, TargetedKeyboardEvent } from 'preact';
import { TextField } from '../ui/text-field.tsx';
import { useDraft } from '../ui/use-draft.ts';
import { Earlier } from './earlier.tsx';
import { saveField } from './item-edits.ts';
import type { ItemRowProps } from './item-row.tsx';

export function ItemEditor({ item, actions }: ItemRowProps) {
  const title = useDraft({ value: item.title, save: (text) => saveTitle(text) });
  const note = useDraft({ value: item.note ?? '', save: (text) => saveField(item, 'note', text) });
  const url = useDraft({ value: item.url ?? '', save: (text) => saveField(item, 'url', text) });
  const fields = [title, note, url];

  /** An item keeps its title rather than lose it. */
  async function saveTitle(text: string): Promise<boolean> {
    return text.trim() === '' || saveField(item, 'title', text.replace(/\s*[\r\n]+\s*/g, ' '));
  }
  const close = (takeFocusBack: boolean) => {
    for (const field of fields) field.flush();
    actions.closeEditor(item.id, takeFocusBack);
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    if (event.isComposing) return;
    if (event.key === 'Escape') {
      for (const field of fields) field.revert();
      close(true);
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) close(true);
  };
  /** Enter ends a line of a note, and the editing of everything else. */
  const closeOnEnter = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    close(true);
  };
  const onFocusOut = (event: TargetedFocusEvent<HTMLElement>) => {
    const goesTo = event.relatedTarget;
    if (goesTo instanceof Node && event.currentTarget.contains(goesTo)) return;
    // With the window goes the focus, not the wish to write.
    if (document.hasFocus()) close(false);
  };
  return (
    <div
      class="item-editor"
      role="group"
      aria-label={`Edit ${item.title}`}
      onKeyDown={onKeyDown}
      onFocusOut={onFocusOut}
    >
      <TextField
        label="Title"
        class="text-field item-title-field"
        draft={title}
        takesFocus
        onKeyDown={closeOnEnter}
      />
      <TextField label="Note" class="text-field item-note-field" placeholder="Note" draft={note} />
      <TextField
        label="Link"
        class="text-field item-note-field"
        placeholder="Link"
        inputMode="url"
        draft={url}
        onKeyDown={closeOnEnter}
      />
      <Earlier item={item} put={(field, text) => ({ title, note, url })[field].type(text)} />
    </div>
  );
}
