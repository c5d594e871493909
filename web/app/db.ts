/** What this app keeps: lists in the home space, the items of a list in a space of its own. */
import { bool, collection, connect, number, optional, order, text } from '../lib/index.ts';
import type { RowOf } from '../lib/index.ts';

/** What people type: if two do at once, they are asked which of it they want. */
const typed = () => text({ conflicts: 'manual' });

export const db = connect({
  name: 'lists',
  worker: '/worker.js',
  schema: {
    version: 1,
    registry: 'lists',
    collections: {
      /** The id of a list is the id of its space. */
      lists: collection({ title: typed(), order: order() }),
      items: collection({
        title: typed(),
        note: optional(typed()),
        url: optional(typed()),
        done: bool(),
        order: order(),
        depth: optional(number()),
      }),
    },
  },
});

export type List = RowOf<typeof db.lists>;
export type Item = RowOf<typeof db.items>;
