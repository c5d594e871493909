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
  // The connection breaks off half-way.
  await other.context.route(
    /\/sync\/bootstrap\//,
    async (route) => {
      const text = await (await route.fetch()).text();
      const body = text.slice(0, text.length / 2);
      await route.fulfill({ contentType: 'application/x-ndjson', body });
    },
    { times: 1 },
  );
  // What is asked for then is the rest.
  const rest = await holdOne(other.context, /\/sync\/bootstrap\/.*offset=\d{4,}$/);
  await other.app.connect(`${server.url}/#connect=${token}`);
  await rest.caught;
  await other.app.openList('Expedition');
  await expect(other.page.getByTestId('list-coming')).toHaveText(
    /^Still being fetched: [\d,]+ of [\d,]+ entries$/,
  );
  await other.app.addItem('Written meanwhile');
  await rest.go();
  await expect(other.page.getByTestId('list-counts')).toHaveText(`${MANY + 2} open of ${MANY + 2}`);
  await expect(other.page.getByTestId('list-coming')).toHaveCount(0);
  await other.app.expectStatus('All changes on the server');
});

test('[AP61] [AP43] whose connection breaks before it has heard of any list is no device without lists', async ({
  server,
  newDevice,
}) => {
  const link = `${server.url}/#connect=${await server.token('ann')}`;
  const { app } = await newDevice();
  await app.connect(link);
  await app.addList('Expedition');
  await app.expectStatus('All changes on the server');

  const other = await newDevice();
  const pushes = /\/sync\/push$/;
  await other.context.route(pushes, (route) => route.abort());
  await other.app.connect(link);
  await other.app.expectStatus('Server not reached · nothing to send');
  const coming = other.page.getByTestId('coming').first();
  await expect(coming).toHaveText(
    'Your lists are not here yet: they are fetched as soon as the server can be reached.',
  );
  await expect(other.page.getByTestId('first-run')).toHaveCount(0);
  await other.app.syncNow();
  await expect(other.app.toasts.last()).toContainText('Not synced: server not reached');

  await other.context.unroute(pushes);
  await other.app.syncNow();
  await other.app.openList('Expedition');
  await expect(coming).toHaveCount(0);
});
