/** Records, fields and their values in plain words, for all that a person is told or asked about. Pure. */

export const nounOf = (collection: string): string =>
  collection === 'lists' ? 'list' : collection === 'items' ? 'item' : collection;

export const labelOf = (field: string): string => (field === 'url' ? 'link' : field);

/** What was written to a record, field by field. */
export function fieldsInWords(fields: object): string {
  const parts = Object.entries(fields).map(([name, value]) => fieldInWords(name, value));
  return parts.length > 0 ? [...new Set(parts)].join(', ') : 'nothing';
}

function fieldInWords(name: string, value: unknown): string {
  if (name === 'order' || name === 'depth') return 'another place';
  if (name === 'done') return value === true ? 'checked' : 'unchecked';
  if (value === null || value === '') return `no ${labelOf(name)}`;
  return `${labelOf(name)} ${quote(value)}`;
}

export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

export const quote = (value: unknown): string => `“${clip(textOf(value))}”`;

const LONGEST = 120;

export const clip = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;

export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
