/** One change that was not taken. */
import { useState } from 'preact/hooks';
import type { SetAsideOp } from '../../lib/index.ts';
import { db } from '../db.ts';
import { attempt } from '../ui/attempt.ts';
import { toast } from '../ui/toasts.tsx';
import { textsIn, withTexts, type EditableText } from './edits.ts';
import { setAsideWords, type Names } from './set-aside-words.ts';

interface EntryProps {
  readonly op: SetAsideOp;
  readonly names: Names;
}

export function SetAsideEntry({ op, names }: EntryProps) {
  const [texts, setTexts] = useState<readonly EditableText[] | null>(null);
  const [isLettingGo, setLettingGo] = useState(false);
  const { lines, where, why, mayHelp } = setAsideWords(op, names);
  const editable = textsIn(op);
  // As it is, it would only be refused again, where it can be mended first.
  const canSend = texts !== null || mayHelp || editable.length === 0;
  const send = async () => {
    const isSent = await attempt(
      db.setAside.resend([withTexts(op, texts ?? [])]),
      'Not sent again',
    );
    if (isSent) toast({ text: 'Sent again. It is back in its list.' });
  };
  const letGo = () => attempt(db.setAside.discard([op]), 'Not discarded');
  return (
    <li class="entry" data-testid="aside-entry" tabIndex={-1}>
      {lines.map((line, i) => (
        <strong key={i}>{line}</strong>
      ))}
      <p class="entry-note">
        {where !== null && `In “${where}”. `}
        {why}
      </p>
      {texts?.map((text, i) => (
        <label key={i} class="field">
          <span>{text.field === 'url' ? 'Link' : text.field === 'note' ? 'Note' : 'Title'}</span>
          <textarea
            class="text-field"
            rows={3}
            value={text.text}
            onInput={({ currentTarget: { value } }) => setTexts(replaced(texts, i, value))}
          />
        </label>
      ))}
      <div class="buttons">
        {isLettingGo ? (
          <>
            <button type="button" class="button is-dangerous" onClick={() => void letGo()}>
              Discard for good
            </button>
            <button type="button" class="button" onClick={() => setLettingGo(false)}>
              Keep it
            </button>
          </>
        ) : (
          <>
            {canSend && (
              <button type="button" class="button is-primary" onClick={() => void send()}>
                Send again
              </button>
            )}
            {texts === null && editable.length > 0 && (
              <button type="button" class="button" onClick={() => setTexts(editable)}>
                Edit and send again…
              </button>
            )}
            <button type="button" class="button" onClick={() => setLettingGo(true)}>
              Discard…
            </button>
          </>
        )}
      </div>
    </li>
  );
}

const replaced = (texts: readonly EditableText[], place: number, text: string): EditableText[] =>
  texts.map((one, i) => (i === place ? { ...one, text } : one));
