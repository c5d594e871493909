/**
 * What is being typed into one field, beside what the field holds. Pure. Once something was typed,
 * nothing from outside replaces it; a field that was only opened follows the outside and is never
 * written. Own savings come back from outside too, late and one by one: they are not news.
 */

export interface Draft {
  readonly text: string;
  /** What the field held when typing began, or was last saved as. */
  readonly base: string;
  readonly isTouched: boolean;
  readonly saved: readonly string[];
  /** What someone else has put there since; known until the editing ends, even when it is overwritten. */
  readonly theirs: string | null;
}

export const openDraft = (value: string): Draft => ({
  text: value,
  base: value,
  isTouched: false,
  saved: [value],
  theirs: null,
});

export const typed = (draft: Draft, text: string): Draft => ({ ...draft, text, isTouched: true });

/** The field now holds `value`, whoever wrote it. */
export function outside(draft: Draft, value: string): Draft {
  if (!draft.isTouched) return value === draft.base ? draft : openDraft(value);
  const isOwn = value === draft.text || draft.saved.includes(value);
  return isOwn || value === draft.theirs ? draft : { ...draft, theirs: value };
}

/** The text to write, or null where there is nothing to write. */
export const toSave = (draft: Draft): string | null =>
  draft.isTouched && draft.text !== draft.base ? draft.text : null;

/** `text` was given to be written. */
export const saving = (draft: Draft, text: string): Draft => ({
  ...draft,
  base: text,
  saved: [...draft.saved, text],
});

/** It could not be written: it counts as typed and unsaved again. */
export const notSaved = (draft: Draft, text: string): Draft => {
  const saved = draft.saved.filter((each) => each !== text);
  return { ...draft, saved, base: saved.at(-1) ?? '' };
};

/** Gives up what was typed: back to what the field held without it. */
export const reverted = (draft: Draft): Draft => ({
  ...draft,
  text: draft.theirs ?? draft.saved[0] ?? draft.base,
});

/** Takes what the other one wrote, in place of what was typed. */
export const tookTheirs = (draft: Draft): Draft => ({ ...reverted(draft), theirs: null });

/** A pause is no reason to write over what someone else wrote meanwhile; leaving the field is. */
export const mayAutosave = (draft: Draft): boolean => draft.theirs === null;
