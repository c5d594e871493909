import { describe, expect, it } from 'vitest';
import type { IdbTable } from './idb-tables.ts';
import { knownRows } from './known-rows.ts';

interface Row {
  readonly id: string;
  readonly n: number;
}

/** A table whose requests are carried out in the order in which they are made, and counted. */
function table(...rows: readonly Row[]) {
  const stored = new Map(rows.map((row) => [row.id, row]));
  const asked: string[] = [];
  const of = {
    async get(key) {
      asked.push(key);
      return stored.get(key);
    },
    async all() {
      asked.push('all');
      return [...stored.values()];
    },
    put: (some) => some.forEach((row) => void stored.set(row.id, row)),
    delete: (keys) => keys.forEach((key) => void stored.delete(key)),
  } as Partial<IdbTable<Row, string>> as IdbTable<Row, string>;
  return { asked, stored, known: knownRows(of, ({ id }) => id) };
}

describe('what a transaction knows of a small table', () => {
  it('[AC22] is asked for once, one by one or all at once', async () => {
    const { asked, known } = table({ id: 'b', n: 1 }, { id: 'a', n: 2 });
    await Promise.all([known.get('a'), known.get('a'), known.get('none')]);
    expect(await known.get('none')).toBeUndefined();
    expect(await known.all()).toEqual([
      { id: 'a', n: 2 },
      { id: 'b', n: 1 },
    ]);
    expect([await known.get('b'), await known.all()]).toMatchObject([{ n: 1 }, [{}, {}]]);
    expect(asked).toEqual(['a', 'none', 'all']);
  });

  it('[AC22] is what was put and deleted, before, while and after it was read', async () => {
    const { stored, known } = table({ id: 'a', n: 1 }, { id: 'b', n: 1 }, { id: 'c', n: 1 });
    known.put([{ id: 'd', n: 4 }]);
    const reading = known.all();
    known.put([{ id: 'a', n: 2 }]);
    known.delete(['b']);
    const now = [
      { id: 'a', n: 2 },
      { id: 'c', n: 1 },
      { id: 'd', n: 4 },
    ];
    expect(await reading).toEqual(now);
    expect(await Promise.all(['a', 'b', 'c', 'd'].map((id) => known.get(id)))).toEqual([
      now[0],
      undefined,
      now[1],
      now[2],
    ]);
    known.delete(['c']);
    known.put([{ id: 'b', n: 9 }]);
    expect((await known.all()).map(({ id }) => id)).toEqual(['a', 'b', 'd']);
    expect([...stored.values()].toSorted((x, y) => (x.id < y.id ? -1 : 1))).toEqual(
      await known.all(),
    );
  });
});
