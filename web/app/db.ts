/** What this app keeps: lists in the home space, the items of a list in a space of its own. */
import { bool, collection, connect, number, optional, order, text } from '../lib/index.ts';
import type { RowOf } from '../lib/index.ts';

export const db = connect({
  name: 'lists',
  worker: '/worker.js',
  schema: {
    version: 1,
    registry: 'lists',
    collections: {
      /** The id of a list is the id of its space. */
      lists: collection({ title: text(), order: order() }),
      items: collection({
        title: text(),
        note: optional(text()),
        url: optional(text()),
        done: bool(),
        order: order(),
        depth: optional(number()),
      }),
    },
  },
});

export type List = RowOf<typeof db.lists>;
export type Item = RowOf<typeof db.items>;
