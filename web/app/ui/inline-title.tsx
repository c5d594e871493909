/** A heading that is renamed in its place. */
import type { TargetedKeyboardEvent } from 'preact';
import { useImperativeHandle, useRef, useState } from 'preact/hooks';
import { TextField } from './text-field.tsx';
import { useDraft } from './use-draft.ts';

interface InlineTitleProps {
  readonly value: string;
  readonly save: (text: string) => Promise<boolean>;
  readonly handle: { current: { edit(): void } | null };
}

export function InlineTitle({ value, save, handle }: InlineTitleProps) {
  const [isEditing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useImperativeHandle(handle, () => ({ edit: () => setEditing(true) }), []);
  const close = (takeFocusBack: boolean) => {
    setEditing(false);
    if (takeFocusBack) requestAnimationFrame(() => button.current?.focus());
  };
  return (
    <h1 class="list-title">
      {isEditing ? (
        <TitleField value={value} save={save} close={close} />
      ) : (
        <button
          ref={button}
          type="button"
          class="title-button"
          title="Rename"
          onClick={() => setEditing(true)}
        >
          {value || 'Untitled'}
        </button>
      )}
    </h1>
  );
}

interface TitleFieldProps {
  readonly value: string;
  readonly save: (text: string) => Promise<boolean>;
  readonly close: (takeFocusBack: boolean) => void;
}

export function TitleField({ value, save, close }: TitleFieldProps) {
  const draft = useDraft({
    value,
    save: async (text) => text.trim() === '' || save(text.replace(/\s*[\r\n]+\s*/g, ' ')),
  });
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    if (event.key === 'Escape') draft.revert();
    draft.flush();
    close(true);
  };
  return (
    <span
      class="title-editor"
      onFocusOut={() => {
        if (document.hasFocus()) close(false);
      }}
    >
      <TextField
        label="Name of the list"
        class="text-field"
        draft={draft}
        takesFocus
        onKeyDown={onKeyDown}
      />
    </span>
  );
}
