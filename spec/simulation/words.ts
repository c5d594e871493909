/** What the people of a run write: ops of every kind, each mutation with the mark of its op. */
import type {
  AppConfig,
  ConflictName,
  JsonObject,
  MutationJson,
  OpRequest,
  SpaceId,
} from '../../core/index.ts';
import type { Random } from '../support/random.ts';

const KINDS = { tags: 'set', count: 'counter', log: 'journal' } as const;

export const CONFIG: AppConfig = {
  name: 'sim',
  version: 2,
  registry: 'lists',
  collections: {
    lists: { indexes: [] },
    items: { indexes: [], kinds: KINDS },
    notes: { indexes: [] },
  },
};

/** The app as it was before it had notes and kinds. */
export const OLDER_CONFIG: AppConfig = {
  name: 'sim',
  version: 1,
  registry: 'lists',
  collections: { lists: { indexes: [] }, items: { indexes: [] } },
};

export const COLLECTIONS = Object.keys(CONFIG.collections);

const ITEMS = ['a', 'b', 'c', 'd', 'e', 'f'];
const TAGS = ['red', 'green', 'blue'];

/** A mutation names its op: members that the grammar does not know are ignored, and kept. */
export const marked = (mutations: readonly MutationJson[], mark: string): MutationJson[] =>
  mutations.map((mutation) => Object.assign({}, mutation, { mark }));

const MARK = /"mark":"([^"]+)"/;
export const markOf = (payload: string): string | undefined => MARK.exec(payload)?.[1];

const name = (random: Random) => ({
  collection: random.chance(0.85) ? 'items' : 'notes',
  id: random.pick(ITEMS),
});

const put = (random: Random, fields: JsonObject, isNew: boolean): MutationJson => ({
  kind: 'put',
  ...name(random),
  fields,
  ...(isNew && { new: true as const }),
  ...(random.chance(0.25) && { latest: ['title', 'score'] }),
  ...(random.chance(0.3) && { manual: ['note', 'title'] }),
});

/** One mutation of any kind but moves and resolves. Each value put is found nowhere else. */
export function mutation(random: Random, mark: string, of = random.below(100)): MutationJson {
  const field = random.pick(['title', 'note', 'score']);
  if (of < 22) return news(random, mark, field);
  if (of < 52) return put(random, { [field]: mark }, false);
  if (of < 60) return { kind: 'delete', ...name(random) };
  if (of < 65) return { kind: 'restore', ...name(random) };
  const values = [random.pick(TAGS), random.pick(TAGS)];
  if (of < 76) return { kind: 'add', ...name(random), field: 'tags', values };
  if (of < 82)
    return { kind: 'remove', ...name(random), field: 'tags', values: [random.pick(TAGS)] };
  const by = 1 + random.below(9);
  if (of < 92) return { kind: 'increment', ...name(random), field: 'count', by };
  return { kind: 'append', ...name(random), field: 'log', entry: mark };
}

export const news = (random: Random, mark: string, field = 'note'): MutationJson =>
  put(random, { title: `new ${mark}`, [field]: mark }, true);

/** An op of a few mutations that stand or fall together. */
export const batch = (random: Random, mark: string): MutationJson[] =>
  Array.from({ length: 2 + random.below(3) }, (_, i) => mutation(random, `${mark}.${i}`));

/** What is typed: always into the same fields, so that it can become one op. */
export const typed = (random: Random, mark: string): MutationJson => ({
  kind: 'put',
  collection: 'items',
  id: ITEMS[random.below(2)] as string,
  fields: { title: mark },
});

/** Both halves of a move, as the page library writes them. Now and then the server refuses the first. */
export function move(
  random: Random,
  from: SpaceId,
  to: SpaceId,
  marks: readonly [string, string],
): OpRequest[] {
  const record = { collection: 'items', id: random.pick(ITEMS) };
  const note = random.chance(0.15) && { note: 'x'.repeat(1300) };
  const there: MutationJson = {
    kind: 'put',
    ...record,
    new: true,
    fields: { title: `moved ${marks[0]}`, ...note },
  };
  return [
    { space: to, do: marked([there], marks[0]) },
    { space: from, do: marked([{ kind: 'delete', ...record }], marks[1]) },
  ];
}

export const resolve = (random: Random, conflict: ConflictName, mark: string): MutationJson => ({
  kind: 'resolve',
  conflict,
  take: random.pick([
    'winner' as const,
    'loser' as const,
    { value: conflict.field === null ? { title: mark } : mark },
  ]),
});

/** An op that this device takes and the server does not: too large for it. */
export const oversize = (random: Random, mark: string): MutationJson =>
  put(random, { title: mark, note: 'x'.repeat(1300) }, true);

export const newList = (space: SpaceId, title: string): MutationJson => ({
  kind: 'put',
  collection: 'lists',
  id: space,
  new: true,
  fields: { title },
});
