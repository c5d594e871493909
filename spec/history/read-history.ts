/** The real history of a public list (spec/data/README.md), read and checked line by line. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';

const ListFields = v.strictObject({ title: v.string(), position: v.number() });
const ItemFields = v.strictObject({
  list: v.string(),
  title: v.string(),
  url: v.string(),
  note: v.string(),
  depth: v.number(),
  position: v.number(),
});

export const COLLECTIONS = ['lists', 'items'] as const;
export type Collection = (typeof COLLECTIONS)[number];

const Key = v.pipe(v.string(), v.minLength(1));
const fieldsOf = {
  lists: { all: ListFields, some: v.partial(ListFields) },
  items: { all: ItemFields, some: v.partial(ItemFields) },
};

const changesOf = <C extends Collection>(collection: C) => {
  const name = { collection: v.literal(collection), key: Key };
  return v.variant('kind', [
    v.strictObject({ kind: v.literal('create'), ...name, fields: fieldsOf[collection].all }),
    v.strictObject({ kind: v.literal('update'), ...name, fields: fieldsOf[collection].some }),
    v.strictObject({ kind: v.literal('delete'), ...name }),
  ]);
};

const EditSchema = v.strictObject({
  /** Wall time in ms. */
  at: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  actor: v.pipe(v.string(), v.regex(/^p[1-9][0-9]*$/)),
  changes: v.pipe(v.array(v.union([changesOf('lists'), changesOf('items')])), v.minLength(1)),
});

/** What one person did at once. */
export type Edit = v.InferOutput<typeof EditSchema>;
export type Change = Edit['changes'][number];

/** Fields of a list or an item, by name. */
export type Fields = Readonly<Record<string, string | number>>;

/** The fields a change has: the type of an update allows for absent ones. */
export const withoutGaps = (fields: {
  readonly [name: string]: Fields[string] | undefined;
}): Fields =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

const FILE = new URL('../data/list-history.ndjson', import.meta.url);

/** All edits, oldest first. Throws, with the number of the line, at whatever is not as described. */
export function readHistory(): Edit[] {
  const lines = readFileSync(FILE, 'utf8').trimEnd().split('\n');
  return lines.map((line, i) => {
    const parsed = v.safeParse(EditSchema, JSON.parse(line));
    if (!parsed.success) throw new Error(`line ${i + 1}: ${v.summarize(parsed.issues)}`);
    return parsed.output;
  });
}
