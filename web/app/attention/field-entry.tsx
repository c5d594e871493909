/** Two texts for one field: keep the one that is shown, take another, or write a third. */
import { useState } from 'preact/hooks';
import { announce } from '../ui/announcer.tsx';
import { takeFocus } from '../ui/take-focus.ts';
import { byWords, fieldChoiceTitle, valueWords } from './choice-words.ts';
import type { FieldChoice, Verdict, Written } from './choices.ts';
import { decide } from './decide.ts';

interface FieldEntryProps {
  readonly choice: FieldChoice;
  readonly title: string;
  readonly when: (at: number) => string;
}

export function FieldEntry({ choice, title, when }: FieldEntryProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const { field, now, nowBy, others } = choice;
  const heading = fieldChoiceTitle(choice, title);
  const take = async (verdict: Verdict, words: string) => {
    if (await decide(choice, verdict)) announce(`Decided: ${words}`);
  };
  const version = (value: unknown, by: Written | null, verdict: Verdict) => {
    const words = valueWords(field, value);
    const isNow = verdict === 'now';
    return (
      <Version
        key={words}
        text={words}
        by={`${byWords(by, when)}${isNow ? ' · shown now' : ''}`}
        action={isNow ? 'Keep' : 'Take'}
        take={() => void take(verdict, words)}
      />
    );
  };
  const isText = [now, ...others.map(({ value }) => value)].every(
    (value) => value === undefined || value === null || typeof value === 'string',
  );
  return (
    <li
      class="entry"
      data-testid="conflict"
      data-about={choice.id}
      tabIndex={-1}
      aria-label={heading}
    >
      <strong>{heading}</strong>
      {version(now, nowBy, 'now')}
      {others.map((other) => version(other.value, other, other))}
      {draft === null ? (
        isText && (
          <button
            type="button"
            class="text-button entry-more"
            onClick={() => setDraft(startOf(choice))}
          >
            Write it anew…
          </button>
        )
      ) : (
        <Anew
          label={heading}
          text={draft}
          canBeEmpty={field !== 'title'}
          change={setDraft}
          save={() => void take({ typed: toValue(field, draft) }, draft)}
        />
      )}
    </li>
  );
}

interface VersionProps {
  readonly text: string;
  readonly by: string;
  readonly action: string;
  readonly take: () => void;
}

function Version({ text, by, action, take }: VersionProps) {
  return (
    <div class="version">
      <div class="version-text" data-testid="version">
        {text}
      </div>
      <span class="entry-note">{by}</span>
      <button
        type="button"
        class="button"
        aria-label={`${action} “${text.slice(0, 80)}”`}
        onClick={take}
      >
        {action}
      </button>
    </div>
  );
}

interface AnewProps {
  readonly label: string;
  readonly text: string;
  readonly canBeEmpty: boolean;
  readonly change: (text: string | null) => void;
  readonly save: () => void;
}

function Anew({ label, text, canBeEmpty, change, save }: AnewProps) {
  return (
    <>
      <textarea
        class="text-field"
        aria-label={label}
        rows={2}
        value={text}
        ref={takeFocus}
        onInput={({ currentTarget: { value } }) => change(value)}
      />
      <div class="buttons">
        <button
          type="button"
          class="button is-primary"
          disabled={!canBeEmpty && text.trim() === ''}
          onClick={save}
        >
          Save
        </button>
        <button type="button" class="button" onClick={() => change(null)}>
          Cancel
        </button>
      </div>
    </>
  );
}

/** Of notes all there is, to make one of them; of lines the one that is shown. */
function startOf({ field, now, others }: FieldChoice): string {
  const texts = [now, ...others.map(({ value }) => value)].filter(
    (value): value is string => typeof value === 'string' && value !== '',
  );
  return (field === 'note' ? texts : texts.slice(0, 1)).join('\n');
}

/** A note or a link that is empty is none; a title is one line. */
function toValue(field: string, text: string): string | null {
  if (field === 'title') return text.trim().replace(/\s*[\r\n]+\s*/g, ' ');
  return text.trim() === '' ? null : text;
}
