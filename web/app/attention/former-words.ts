/** What the server had of a record before it was put back, and has not now, in plain words. Pure. */
import type { FormerChange, FormerRecord } from '../../lib/index.ts';
import { clip, fieldsInWords, labelOf, nounOf, quote, sentence } from './field-words.ts';

export const formerTitle = ({ collection, fields }: FormerRecord, titleNow?: string): string => {
  const title = fields?.['title'];
  const known = typeof title === 'string' && title !== '' ? title : titleNow;
  return `${sentence(nounOf(collection))} “${clip(known ?? 'no longer here')}”`;
};

/** One sentence: what is missing, and of what kind that is. */
export function formerStory({ isThere, fields, missing }: FormerRecord): string {
  if (missing.some(({ kind }) => kind === 'delete')) return 'It was deleted, and is there again.';
  if (!isThere) {
    // What any item has is not worth a word.
    const { title: _, order: __, depth: ___, ...rest } = fields ?? {};
    const told = Object.entries(rest).filter(([, value]) => value !== false && value !== null);
    const had = told.length > 0 ? ` It had: ${fieldsInWords(Object.fromEntries(told))}.` : '';
    return `The server has it no more.${had}`;
  }
  const lost = missing.flatMap((change) => wordsOf(change) ?? []);
  return `The server has it without: ${[...new Set(lost)].join(', ')}.`;
}

function wordsOf(change: FormerChange): string | null {
  switch (change.kind) {
    case 'put':
      return fieldsInWords({ [change.field]: change.value });
    case 'add':
      return `${quote(change.value)} in ${labelOf(change.field)}`;
    case 'remove':
      return `the removal of ${quote(change.value)} from ${labelOf(change.field)}`;
    case 'increment':
      return `${change.amount} of ${labelOf(change.field)}`;
    case 'append':
      return `${quote(change.entry)} in ${labelOf(change.field)}`;
    case 'new':
    case 'delete':
      return null;
  }
}

/** What bringing it back does. */
export const bringBackLabel = ({ missing }: FormerRecord): string =>
  missing.some(({ kind }) => kind === 'delete') ? 'Delete it again' : 'Bring it back';
