/** What the server will not have, as the person sees it: told, kept, mended, sent again, or let go. */
import { readFile } from 'node:fs/promises';
import { startServer } from '../support/server.ts';
import { expect, test } from './support/fixtures.ts';

test('[AP17] a note that is too long for the server is told, kept, mended and sent; another is let go', async ({
  newDevice,
}) => {
  const server = await startServer({ limits: { payloadBytes: 2000 } });
  try {
    const { app, page } = await newDevice();
    await app.connect(`${server.url}/#connect=${await server.tokenFor('ann')}`);
    await app.whenControlled();
    await app.addList('Camp');
    await app.addItem('Tent');
    await app.editItem('Tent', { note: `A long story. ${'x'.repeat(3000)}` });
    await app.addItemField.fill('y'.repeat(2500));
    await app.addItemField.press('Enter');
    await app.addItem('Stove');
    await expect(page.locator('.status-button.is-alert')).toBeVisible();
    // What was refused is not shown as if it were there.
    await expect.poll(() => app.titles()).toEqual(['Tent', 'Stove']);

    await app.statusText.click();
    await page.getByRole('button', { name: 'Look at what needs you…' }).click();
    const entries = page.getByTestId('aside-entry');
    await expect(entries).toHaveCount(2);
    await expect(entries.first()).toContainText('Item “Tent”: note “A long story. x');
    await expect(entries.first()).toContainText('In “Camp”. It is too long for the server.');

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save a copy…' }).click();
    const copy = await readFile(await (await download).path(), 'utf8');
    expect(JSON.parse(copy)).toMatchObject({
      changes: [{ why: 'too_large' }, { why: 'too_large' }],
    });

    await entries.first().getByRole('button', { name: 'Edit and send again…' }).click();
    await entries.first().getByLabel('Note').fill('A short story.');
    await entries.first().getByRole('button', { name: 'Send again' }).click();
    await expect(entries).toHaveCount(1);

    await page.reload();
    await app.whenReady();
    await app.statusText.click();
    await page.getByRole('button', { name: 'Look at what needs you…' }).click();
    await expect(entries).toHaveCount(1);
    await entries.first().getByRole('button', { name: 'Discard…' }).click();
    await entries.first().getByRole('button', { name: 'Keep it' }).click();
    await entries.first().getByRole('button', { name: 'Discard…' }).click();
    await entries.first().getByRole('button', { name: 'Discard for good' }).click();
    await expect(page.getByTestId('nothing-to-decide')).toBeVisible();
    await page.getByRole('button', { name: 'Close' }).click();
    await expect(app.statusText).toHaveText('All changes on the server');
    expect((await app.items()).map(({ title, note }) => [title, note])).toEqual([
      ['Tent', 'A short story.'],
      ['Stove', null],
    ]);
  } finally {
    await server.stop();
  }
});
