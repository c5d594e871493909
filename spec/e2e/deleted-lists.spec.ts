/** A list is deleted on one device while another, offline, writes on it: nobody's words are gone. */
import { expect, test } from './support/fixtures.ts';
import { pair } from './support/pair.ts';

test('[AP22] a list that was deleted elsewhere is told of, and comes back with what was added to it meanwhile', async ({
  server,
  newDevice,
}) => {
  const [a, b] = await pair(server, newDevice);
  await a.app.addList('Camp');
  await a.app.addItem('Tent');
  await b.app.openList('Camp');
  await expect.poll(() => b.app.titles()).toEqual(['Tent']);
  await b.context.setOffline(true);
  await expect(b.app.offlineBanner).toBeVisible();
  await b.app.addItem('Stove');
  await b.app.addItem('Map');
  await a.app.deleteList('Camp');
  await a.app.expectStatus('All changes on the server');

  await b.context.setOffline(false);
  await expect(b.page.getByTestId('missing-list')).toContainText('“Camp” was deleted.');
  await expect(
    b.app.toasts.filter({ hasText: 'List “Camp” was deleted elsewhere.' }),
  ).toBeVisible();
  await b.app.expectStatus('All changes on the server');

  await a.app.appMenu('Deleted lists…');
  const entry = a.page.getByTestId('deleted-list');
  await expect(entry).toContainText('Camp');
  await entry.getByRole('button', { name: 'Bring back Camp' }).click();
  await expect.poll(() => a.app.titles()).toEqual(['Tent', 'Stove', 'Map']);
  await b.app.openList('Camp');
  await expect.poll(() => b.app.titles()).toEqual(['Tent', 'Stove', 'Map']);
});
