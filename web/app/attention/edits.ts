/** The texts in a change that can be mended before it is sent again. Pure. */
import type { SetAsideOp } from '../../lib/index.ts';

export interface EditableText {
  /** Its place among the parts of the change. */
  readonly part: number;
  readonly field: string;
  readonly text: string;
}

const TEXTS: readonly string[] = ['title', 'note', 'url'];

export const textsIn = (op: SetAsideOp): EditableText[] =>
  op.do.flatMap((mutation, part) => {
    if (mutation.kind !== 'put') return [];
    return Object.entries(mutation.fields).flatMap(([field, text]) =>
      TEXTS.includes(field) && typeof text === 'string' ? [{ part, field, text }] : [],
    );
  });

/** The change with these texts in place of those that it has. */
export function withTexts(op: SetAsideOp, texts: readonly EditableText[]): SetAsideOp {
  const mended = op.do.map((mutation, part) => {
    const own = texts.filter((text) => text.part === part);
    if (mutation.kind !== 'put' || own.length === 0) return mutation;
    const fields = { ...mutation.fields };
    for (const { field, text } of own) fields[field] = text;
    return { ...mutation, fields };
  });
  return { ...op, do: mended };
}
