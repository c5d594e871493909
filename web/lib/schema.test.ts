import { describe, expectTypeOf, test } from 'vitest';
import type { SpaceId } from '../../core/index.ts';
import type { Criteria } from './api.ts';
import {
  add,
  append,
  bool,
  collection,
  counter,
  increment,
  journal,
  json,
  number,
  optional,
  order,
  ref,
  remove,
  set,
  text,
} from './index.ts';
import type { Changes, Db, NewRow, Row, RowOf, SetChange, WriteHandle } from './index.ts';

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
interface Did {
  readonly did: string;
}
const kinds = collection({
  title: text(),
  tags: set(json<'red' | 'big'>()),
  packed: counter(),
  history: journal(json<Did>()),
});
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

  test('[PL25] a set, a counter and a journal are read as values, and changed by what is done to them', () => {
    type Kinds = (typeof kinds)['fields'];
    interface Pack {
      readonly id: string;
      readonly space: SpaceId;
      readonly title: string;
      readonly tags: readonly ('red' | 'big')[];
      readonly packed: number;
      readonly history: readonly Did[];
    }
    expectTypeOf<Row<Kinds>>().toEqualTypeOf<Pack>();
    expectTypeOf<{ title: string }>().toExtend<NewRow<Kinds>>();
    expectTypeOf<{ title: string; tags: 'red'[]; packed: 1 }>().toExtend<NewRow<Kinds>>();
    const changes = (of: Changes<Kinds>) => of;
    changes({ tags: add('red'), packed: increment(), history: append({ did: 'packed' }) });
    changes({ tags: [add('red'), remove('big', 'red')], title: 'Tent' });
    // @ts-expect-error -- no such element
    changes({ tags: add('blue') });
    expectTypeOf<{ tags: string[] }>().not.toExtend<Changes<Kinds>>();
    expectTypeOf<{ packed: number }>().not.toExtend<Changes<Kinds>>();
    expectTypeOf<{ packed: SetChange<number> }>().not.toExtend<Changes<Kinds>>();
    expectTypeOf<{ history: Did[] }>().not.toExtend<Changes<Kinds>>();
    expectTypeOf<{ title: SetChange<string> }>().not.toExtend<Changes<Kinds>>();
    expectTypeOf(optional).parameter(0).not.toEqualTypeOf(kinds.fields.tags);
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
