/** Takes one list or all of them out: to a file or the clipboard. */
import { useEffect, useState } from 'preact/hooks';
import type { List } from '../db.ts';
import { closeSheet } from '../sheets.ts';
import { reportFailure } from '../ui/attempt.ts';
import { copyText } from '../ui/copy-text.ts';
import { Sheet } from '../ui/dialog.tsx';
import { collect } from './collect.ts';
import type { TransferList } from './model.ts';
import { fileNameOf, saveFile } from './save-file.ts';
import { writeJson } from './write-json.ts';
import { writeMarkdown } from './write-markdown.ts';

interface ExportSheetProps {
  readonly lists: readonly List[];
  /** One list, or null for all. */
  readonly listId: string | null;
}

const FORMATS = [
  {
    name: 'Markdown',
    hint: 'a checklist that people and other programs can read',
    extension: 'md',
    type: 'text/markdown',
    write: writeMarkdown,
  },
  {
    name: 'JSON',
    hint: 'for programs, and to import here again',
    extension: 'json',
    type: 'application/json',
    write: writeJson,
  },
] as const;

export function ExportSheet({ lists, listId }: ExportSheetProps) {
  const [format, setFormat] = useState<(typeof FORMATS)[number]>(FORMATS[0]);
  const [data, setData] = useState<TransferList[] | null>(null);
  const chosen = listId === null ? lists : lists.filter(({ id }) => id === listId);
  const title = chosen.length === 1 ? (chosen[0]?.title ?? '') : 'Offing lists';
  useEffect(() => {
    collect(chosen).then(setData, (error: unknown) => reportFailure('Not read', error));
  }, []);
  const text = data && format.write(data);
  const copy = () => copyText(text ?? '', 'Copied.');
  const save = () => {
    const name = `${fileNameOf(title)}.${format.extension}`;
    saveFile({ name, type: format.type, text: text ?? '' });
  };
  return (
    <Sheet title={listId === null ? 'Export all lists' : `Export “${title}”`} onClose={closeSheet}>
      <fieldset class="choices">
        <legend>Format</legend>
        {FORMATS.map((each) => (
          <label key={each.name} class="choice">
            <input
              type="radio"
              name="format"
              checked={each === format}
              onChange={() => setFormat(each)}
            />
            <span>
              <strong>{each.name}</strong>: {each.hint}
            </span>
          </label>
        ))}
      </fieldset>
      <pre class="preview" tabIndex={0} aria-label="Preview">
        {text === null ? 'Reading…' : clip(text)}
      </pre>
      <div class="buttons">
        <button type="button" class="button is-primary" disabled={text === null} onClick={save}>
          Download
        </button>
        <button type="button" class="button" disabled={text === null} onClick={() => void copy()}>
          Copy
        </button>
      </div>
    </Sheet>
  );
}

const MOST_SHOWN = 2_000;

const clip = (text: string): string =>
  text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}\n…` : text;
