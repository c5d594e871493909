/** The final state of a real list, twelve years in the making, through the app's import screen. */
import { readHistory } from '../history/read-history.ts';
import { readPlainly, type PlainRecords } from '../history/plain-reading.ts';
import { expect, test } from './support/fixtures.ts';

const { lists, items } = readPlainly(readHistory());

/** As its authors keep it: a heading for each list, a line with a link and a note for each item. */
function asMarkdown(): string {
  const inOrder = ([, a]: [string, Fields], [, b]: [string, Fields]) =>
    Number(a['position']) - Number(b['position']);
  return [...lists]
    .sort(inOrder)
    .map(([key, list]) => {
      const own = [...items].filter(([, item]) => item['list'] === key).sort(inOrder);
      const lines = own.map(
        ([, { title, url, note }]) => `- [${title}](${url})${note === '' ? '' : ` - ${note}`}`,
      );
      return `## ${list['title']}\n\n${lines.join('\n')}\n`;
    })
    .join('\n');
}
type Fields = PlainRecords['items'] extends ReadonlyMap<string, infer F> ? F : never;

test('[AP11] 27 lists with 686 items, imported offline, are all on the other device after the return', async ({
  server,
  newDevice,
}) => {
  const link = `${server.url}/#connect=${await server.token('ann')}`;
  const [a, b] = [await newDevice(), await newDevice()];
  for (const { app } of [a, b]) {
    await app.connect(link);
    await app.whenControlled();
  }
  await a.context.setOffline(true);
  await a.app.importFile({
    name: 'awesome.md',
    mimeType: 'text/markdown',
    buffer: Buffer.from(asMarkdown()),
  });
  await expect.poll(async () => (await a.app.lists()).length).toBe(lists.size);
  expect(server.ops()).toEqual([]);

  await a.context.setOffline(false);
  await a.app.expectStatus('All changes on the server');
  await expect.poll(async () => (await b.app.lists()).length).toBe(lists.size);
  const expected = [...lists].map(([key, list]) => {
    const own = [...items.values()].filter((item) => item['list'] === key);
    return {
      title: String(list['title']),
      titles: own.map((item) => String(item['title'])).sort(),
    };
  });
  for (const { title, titles } of expected) {
    await b.app.openList(title);
    await expect.poll(async () => (await b.app.titles()).sort()).toEqual(titles);
  }
  expect(server.ops()).toHaveLength(lists.size + items.size);
});
