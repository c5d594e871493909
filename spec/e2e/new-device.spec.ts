/** A new device of an account with a long list: what has come of it is there, and the rest is on its way. */
import { expect, test } from './support/fixtures.ts';
import { pushItems } from './support/foreign-items.ts';
import { holdOne } from './support/held.ts';

const MANY = 1_100;

test('[AP60] [AB81] shows of a long list what has come, says how much that is, and goes on where it was cut off', async ({
  server,
  newDevice,
}) => {
  const token = await server.token('ann');
  const { app, page } = await newDevice();
  await app.connect(`${server.url}/#connect=${token}`);
  const space = await app.addList('Expedition');
  await app.addItem('Tent');
  await app.expectStatus('All changes on the server');
  await pushItems({ url: server.url, token, space, count: MANY });
  await expect(page.getByTestId('list-counts')).toHaveText(`${MANY + 1} open of ${MANY + 1}`);

  const other = await newDevice();
  const asked: string[] = [];
  await other.context.route(/\/sync\/bootstrap\//, async (route) => {
    asked.push(new URL(route.request().url()).search);
    if (asked.length > 1) return route.fallback();
    // The connection breaks off half-way.
    const text = await (await route.fetch()).text();
    await route.fulfill({
      contentType: 'application/x-ndjson',
      body: text.slice(0, text.length / 2),
    });
  });
  const rest = await holdOne(other.context, /\/sync\/bootstrap\/.*offset=/);
  await other.app.connect(`${server.url}/#connect=${token}`);
  await rest.caught;
  await other.app.openList('Expedition');
  await expect(other.page.getByTestId('list-coming')).toHaveText(
    /^Still being fetched: [\d,]+ of 1,101 entries$/,
  );
  await other.app.addItem('Written meanwhile');
  await rest.go();
  await expect(other.page.getByTestId('list-counts')).toHaveText(`${MANY + 2} open of ${MANY + 2}`);
  await expect(other.page.getByTestId('list-coming')).toHaveCount(0);
  await other.app.expectStatus('All changes on the server');
  expect(asked[0]).toBe('');
  expect(asked[1]).toMatch(/offset=\d{4,}/);
});
