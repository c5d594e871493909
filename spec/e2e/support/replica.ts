/** What a device of Offing Lists has in its database, as tests ask for it. */
import { readTable } from './ask.ts';
import type { DevicePage } from './fixtures.ts';

export const DATABASE = 'offing-lists';

/** For each row that waits whether it has been part of a try to send it. */
export async function areSealed({ page }: DevicePage): Promise<boolean[]> {
  const rows = await readTable(page, DATABASE, '_outbox');
  return rows.map((row) => 'seal' in row);
}

interface SpaceShown {
  readonly space: string;
  readonly actor: string;
  readonly selves?: readonly { readonly actor: string; readonly clock: number }[];
}

export const spacesOf = async ({ page }: DevicePage): Promise<SpaceShown[]> =>
  (await readTable(page, DATABASE, '_spaces')) as unknown as SpaceShown[];

export async function actorsOf(device: DevicePage): Promise<Map<string, string>> {
  return new Map((await spacesOf(device)).map(({ space, actor }) => [space, actor]));
}

/** The spaces in which it has another actor than it had. */
export async function changedActors(device: DevicePage, before: ReadonlyMap<string, string>) {
  const now = await actorsOf(device);
  return [...before.keys()].filter((space) => now.get(space) !== before.get(space)).toSorted();
}

export async function homeOf({ page }: DevicePage): Promise<string> {
  const [list] = await readTable(page, DATABASE, 'lists');
  return list?.['space'] as string;
}

/** An item as the app's table has it. */
export async function itemOf({ page }: DevicePage, title: string) {
  const items = await readTable(page, DATABASE, 'items');
  return items.find((item) => item['title'] === title);
}

/** The titles of every list's items. */
export async function itemsByList({ page }: DevicePage): Promise<string[][]> {
  const lists = await readTable(page, DATABASE, 'lists');
  const items = await readTable(page, DATABASE, 'items');
  return lists.map(({ id }) =>
    items.filter(({ space }) => space === id).map(({ title }) => title as string),
  );
}

interface ConflictShown {
  readonly field: string;
  readonly winner: { readonly values: readonly [string, string][] };
  readonly loser: { readonly values: readonly [string, string][] };
}

export async function conflictsOn({ page }: DevicePage): Promise<string[]> {
  const rows = (await readTable(page, DATABASE, '_conflicts')) as unknown as ConflictShown[];
  const texts = rows.map(
    ({ field, winner, loser }) => `${field}: ${winner.values[0]?.[1]} over ${loser.values[0]?.[1]}`,
  );
  return texts.toSorted();
}

/** All that replicas of one account have in common, and the list that is open. */
export async function viewOf({ page, app }: DevicePage) {
  const names = ['items', 'lists', '_hidden', '_conflicts', '_malformed'];
  const tables = await Promise.all(names.map((name) => readTable(page, DATABASE, name)));
  const spaces = await readTable(page, DATABASE, '_spaces');
  const folded = spaces.map(({ space, epoch, cursor, digest }) => [space, epoch, cursor, digest]);
  return { items: await app.items(), lists: await app.lists(), tables, folded };
}
