/** Brings lists in from a paste or a file: shows what it will take before it takes it. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { importLists } from '../lists/list-actions.ts';
import { closeSheet } from '../sheets.ts';
import { Sheet } from '../ui/dialog.tsx';
import { ImportPreview } from './import-preview.tsx';
import { tooLarge, UnreadableImport, countItems, type Parsed } from './model.ts';
import { detectFormat, readImport, titleOfFile, type ImportFormat } from './read-import.ts';

const FORMAT_NAMES: Readonly<Record<ImportFormat, string>> = {
  markdown: 'Markdown checklist',
  lines: 'Plain lines',
  json: 'JSON',
};
const FALLBACK_TITLE = 'Imported list';

export function ImportSheet({ file }: { file: File | undefined }) {
  const [text, setText] = useState('');
  const [fileName, setFileName] = useState<string | null>(null);
  const [chosen, setChosen] = useState<ImportFormat | null>(null);
  const [title, setTitle] = useState('');
  const [firstLineIsTitle, setFirstLine] = useState(false);
  const [isTaking, setTaking] = useState(false);

  const take = async (from: File | undefined) => {
    if (!from) return;
    setText(await from.text());
    setFileName(from.name);
    setTitle(titleOfFile(from.name));
    setChosen(null);
  };
  useEffect(() => void take(file), [file]);

  const format = chosen ?? detectFormat(text, fileName);
  const result = useMemo(
    () => read(text, { format, title: title.trim() || FALLBACK_TITLE, firstLineIsTitle }),
    [text, format, title, firstLineIsTitle],
  );
  const lists = typeof result === 'string' ? [] : (result?.lists ?? []);
  const accept = async () => {
    setTaking(true);
    const isTaken = await importLists(lists);
    setTaking(false);
    if (isTaken) closeSheet();
  };
  return (
    <Sheet title="Import" onClose={closeSheet}>
      <div class="stack">
        <label class="button file-button">
          Choose a file…
          <input
            type="file"
            accept=".md,.markdown,.txt,.json,text/plain,text/markdown,application/json"
            onChange={(event) => void take(event.currentTarget.files?.[0])}
          />
        </label>
        <label class="field">
          <span>Or paste here{fileName === null ? '' : ` (now: ${fileName})`}</span>
          <textarea
            class="import-text"
            rows={6}
            spellcheck={false}
            placeholder={'# Packing\n- [ ] Tent\n- [ ] Stove'}
            value={text}
            onInput={(event) => {
              setFileName(null);
              setText(event.currentTarget.value);
            }}
          />
        </label>
        <label class="field">
          <span>Read as</span>
          <select
            value={format}
            onChange={(event) => setChosen(event.currentTarget.value as ImportFormat)}
          >
            {Object.entries(FORMAT_NAMES).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {format === 'lines' && (
          <fieldset class="choices">
            <legend>Name of the list</legend>
            <label class="choice">
              <input
                type="radio"
                name="title-from"
                checked={!firstLineIsTitle}
                onChange={() => setFirstLine(false)}
              />
              <input
                class="add-input"
                aria-label="Name of the list"
                placeholder={FALLBACK_TITLE}
                value={title}
                onFocus={() => setFirstLine(false)}
                onInput={(event) => setTitle(event.currentTarget.value)}
              />
            </label>
            <label class="choice">
              <input
                type="radio"
                name="title-from"
                checked={firstLineIsTitle}
                onChange={() => setFirstLine(true)}
              />
              <span>The first line</span>
            </label>
          </fieldset>
        )}
        {typeof result === 'string' && (
          <p class="fault" role="alert">
            {result}
          </p>
        )}
        {typeof result === 'object' && result !== null && <ImportPreview parsed={result} />}
        <div class="buttons">
          <button
            type="button"
            class="button is-primary"
            disabled={isTaking || lists.length === 0}
            onClick={() => void accept()}
          >
            {acceptWords(isTaking, countItems(lists))}
          </button>
        </div>
      </div>
    </Sheet>
  );
}

function acceptWords(isTaking: boolean, items: number): string {
  if (isTaking) return 'Importing…';
  return items === 0 ? 'Import' : `Import ${items} ${items === 1 ? 'item' : 'items'}`;
}

/** What it would be, or why it cannot be; null while there is nothing. */
function read(text: string, options: Parameters<typeof readImport>[1]): Parsed | string | null {
  if (text.trim() === '') return null;
  try {
    const parsed = readImport(text, options);
    if (parsed.lists.length === 0) return 'There is no list in this text.';
    return tooLarge(parsed.lists) ?? parsed;
  } catch (error) {
    if (error instanceof UnreadableImport) return error.message;
    throw error;
  }
}
