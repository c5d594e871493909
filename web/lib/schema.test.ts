import { describe, expectTypeOf, test } from 'vitest';
import type { SpaceId } from '../../core/index.ts';
import type { Criteria } from './api.ts';
import { bool, collection, json, number, optional, order, ref, text } from './index.ts';
import type { Changes, Db, NewRow, Row, RowOf, WriteHandle } from './index.ts';

const collections = {
  lists: collection({ title: text(), order: order() }),
  items: collection(
    {
      title: text(),
      note: optional(text()),
      done: bool(),
      order: order(),
      depth: optional(number()),
      parent: optional(ref('items')),
      tags: json<string[]>(),
    },
    { indexes: ['[space+order]'] },
  ),
};
type Items = (typeof collections.items)['fields'];
interface Item {
  readonly id: string;
  readonly space: SpaceId;
  readonly title: string;
  readonly note?: string;
  readonly done: boolean;
  readonly order: string;
  readonly depth?: number;
  readonly parent?: string;
  readonly tags: string[];
}

describe('the types of a schema', () => {
  test('[PL1] a row has its id, its space and its typed fields', () => {
    expectTypeOf<Row<Items>>().toEqualTypeOf<Item>();
    expectTypeOf<RowOf<Db<typeof collections>['items']>>().toEqualTypeOf<Item>();
    expectTypeOf<RowOf<typeof collections.items>>().toEqualTypeOf<Item>();
  });

  test('[PL1] an add wants the required fields; an update takes any, and null where optional', () => {
    type Lists = (typeof collections.lists)['fields'];
    expectTypeOf<{ title: string; order: string }>().toExtend<NewRow<Lists>>();
    expectTypeOf<{ title: string }>().not.toExtend<NewRow<Lists>>();
    expectTypeOf<{ note: null }>().toExtend<Changes<Items>>();
    expectTypeOf<{ title: null }>().not.toExtend<Changes<Items>>();
    expectTypeOf<{ done: boolean }>().toExtend<Changes<Items>>();
  });

  test('[PL1] collections are members of the database', () => {
    type D = Db<typeof collections>;
    expectTypeOf<Awaited<ReturnType<D['items']['toArray']>>>().toEqualTypeOf<Item[]>();
    expectTypeOf<ReturnType<D['items']['update']>>().toExtend<WriteHandle>();
    expectTypeOf<{ space: string; done: boolean }>().toExtend<Criteria<Item>>();
    expectTypeOf<{ title: number }>().not.toExtend<Criteria<Item>>();
    expectTypeOf<ReturnType<D['items']['add']>['id']>().toEqualTypeOf<string>();
  });
});
