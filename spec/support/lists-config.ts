/** The config of the tests' app: lists in the home space, items in a space for each list. */
import type { AppConfig, MutationJson, PutJson } from '../../core/index.ts';

export const listsConfig: AppConfig = {
  name: 'test',
  version: 1,
  registry: 'lists',
  collections: { lists: { indexes: ['order'] }, items: { indexes: ['[space+order]'] } },
};

const put = (collection: string, id: string, fields: PutJson['fields']): PutJson => ({
  kind: 'put',
  collection,
  id,
  fields,
});

export const newItem = (id: string, title: string): MutationJson => ({
  ...put('items', id, { title }),
  new: true,
});
export const setTitle = (id: string, title: string): MutationJson => put('items', id, { title });
export const newList = (id: string, title: string): MutationJson => ({
  ...put('lists', id, { title }),
  new: true,
});
export const remove = (collection: string, id: string): MutationJson => ({
  kind: 'delete',
  collection,
  id,
});
