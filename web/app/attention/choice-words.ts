/** What a choice is about, and who wrote what, in plain words. Pure. */
import type { DeletionChoice, FieldChoice, Written } from './choices.ts';
import { clip, fieldsInWords, labelOf, nounOf, sentence, textOf } from './field-words.ts';

/** `Note of item “Tent”`; of a title, whose it is is what is in question. */
export function fieldChoiceTitle({ collection, field }: FieldChoice, title: string): string {
  const noun = nounOf(collection);
  if (field === 'title') return noun === 'list' ? 'Name of a list' : 'Title of an item';
  return `${sentence(labelOf(field))} of ${noun} “${clip(title)}”`;
}

/** `movedTo`: the list in which the record lives now, if it does in another. */
export function deletionTitle(
  { collection }: DeletionChoice,
  title: string,
  movedTo: string | null,
): string {
  const what = movedTo === null ? 'deleted' : 'moved away';
  return `${sentence(nounOf(collection))} “${clip(title)}”: ${what}, and written to`;
}

export function deletionStory(
  choice: DeletionChoice,
  when: (at: number) => string,
  movedTo: string | null,
): string {
  const { deleted, edited, values } = choice;
  const went = movedTo === null ? 'deleted it' : `moved it to “${clip(movedTo)}”`;
  const editor = deleted.mine && edited.mine ? 'it' : who(edited);
  const what = fieldsInWords(values);
  return `${sentence(who(deleted))} ${went}${at(deleted, when)}; ${editor} wrote${at(edited, when)}: ${what}.`;
}

/** `This device, 12:03` */
export function byWords(by: Written | null, when: (at: number) => string): string {
  if (by === null) return 'Changed since, by someone who knew the others';
  return `${sentence(who(by))}${by.at === null ? '' : `, ${when(by.at)}`}`;
}

const who = ({ mine }: Written): string => (mine ? 'this device' : 'another device');

const at = ({ at: ms }: Written, when: (at: number) => string): string =>
  ms === null ? '' : ` (${when(ms)})`;

/** A text of a field as it is shown to choose it. */
export function valueWords(field: string, value: unknown): string {
  if (value === undefined || value === null || value === '') return `No ${labelOf(field)}`;
  if (field === 'done') return value === true ? 'Checked' : 'Unchecked';
  return textOf(value);
}
