/** A field that grows with its text. */
import type { TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { DraftField } from './use-draft.ts';

interface TextFieldProps {
  readonly label: string;
  readonly draft: DraftField;
  readonly class?: string;
  readonly placeholder?: string;
  readonly takesFocus?: boolean;
  readonly inputMode?: 'text' | 'url';
  readonly onKeyDown?: (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => void;
}

export function TextField(props: TextFieldProps) {
  const { draft } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => fit(field.current), [draft.text]);
  // Before it can be seen: who types or selects at once is not to be interrupted.
  useLayoutEffect(() => {
    if (!props.takesFocus || !field.current) return;
    field.current.focus();
    field.current.setSelectionRange(field.current.value.length, field.current.value.length);
  }, []);
  return (
    <>
      <textarea
        ref={field}
        class={props.class ?? 'text-field'}
        rows={1}
        aria-label={props.label}
        placeholder={props.placeholder ?? ''}
        inputMode={props.inputMode ?? 'text'}
        enterkeyhint="done"
        value={draft.text}
        onInput={(event) => draft.type(event.currentTarget.value)}
        onBlur={() => draft.flush()}
        onKeyDown={props.onKeyDown}
      />
      {draft.theirs !== null && (
        <div class="theirs" role="status">
          <span>
            Changed elsewhere to “{draft.theirs === '' ? 'nothing' : draft.theirs}”. Yours is kept.
          </span>
          <button type="button" class="text-button" onClick={draft.takeTheirs}>
            Take theirs
          </button>
        </div>
      )}
    </>
  );
}

function fit(field: HTMLTextAreaElement | null): void {
  if (!field || CSS.supports('field-sizing', 'content')) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight}px`;
}
