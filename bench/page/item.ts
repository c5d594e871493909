/** The record that every contestant keeps: an item of a list, as people write them. */
export interface Item {
  readonly id: string;
  readonly title: string;
  readonly note: string;
  readonly done: boolean;
  readonly order: string;
}

/** A UUIDv7 of the moment, as every contestant is given it: none has to make its own. */
function newId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}

export const newItem = (i: number): Item => ({
  id: newId(),
  title: `Item ${i}, thirty characters long`,
  note: 'A note of about sixty characters, as people write them.',
  done: false,
  order: `a${i}`,
});

/** `count` of them, made before anything is timed. */
export const newItems = (count: number, from = 0): Item[] =>
  Array.from({ length: count }, (_, i) => newItem(from + i));

/** Only what an item has, in one order, whatever the contestant keeps beside it. */
export const plainItem = ({ id, title, note, done, order }: Item): Item => ({
  id,
  title,
  note,
  done,
  order,
});
