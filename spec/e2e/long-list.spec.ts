/** A list of thousands of items: only those in view are in the page, and nobody is to notice. */
import type { Page } from '@playwright/test';
import { expect, test as base, type DevicePage } from './support/fixtures.ts';

const MANY = 2_000;
const title = (n: number): string => `Item number ${n}`;

/** Of rows in the page, at most: a screen of them, as much above and below, and a few that always are. */
const IN_PAGE = 150;

const test = base.extend<{ long: DevicePage }>({
  /** A device that shows a long list. */
  long: async ({ server, newDevice }, use) => {
    const device = await newDevice();
    const { app, page } = device;
    await app.open(server.url);
    await app.addList('Long');
    await app.pasteItems(Array.from({ length: MANY }, (_, i) => title(i + 1)));
    await expect(page.getByTestId('list-counts')).toHaveText(`${MANY} open of ${MANY}`);
    await use(device);
  },
});

/** Scrolls so far, as a share of all there is. */
const scrollTo = (page: Page, share: number): Promise<void> =>
  page
    .locator('.list-pane')
    .evaluate((pane, part) => pane.scrollTo({ top: part * pane.scrollHeight }), share);

/** The title of the row in the middle of the pane. */
const middleTitle = (page: Page): Promise<string> =>
  page.locator('.list-pane').evaluate((pane) => {
    const { left, top, width, height } = pane.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    return there?.closest('.item')?.querySelector('.item-title')?.textContent ?? '';
  });

test('[AP40] a list of thousands of items keeps only those in view in the page, scrolls without holes, and says how many there are', async ({
  long: { app, page },
}) => {
  await page.reload();
  await app.whenReady();
  await expect(app.row(title(1))).toBeInViewport();
  expect(await page.getByTestId('item').count()).toBeLessThan(IN_PAGE);
  for (const share of [0.5, 0.93, 0.2]) {
    await scrollTo(page, share);
    await expect.poll(() => middleTitle(page)).toMatch(/^Item number \d+$/);
    const shown = Number((await middleTitle(page)).replace(/\D/g, ''));
    expect(Math.abs(shown / MANY - share)).toBeLessThan(0.05);
    const row = app.row(title(shown));
    await expect(row).toHaveAttribute('aria-posinset', String(shown));
    await expect(row).toHaveAttribute('aria-setsize', String(MANY));
    expect(await page.getByTestId('item').count()).toBeLessThan(IN_PAGE);
  }
});

test('[AP40] the keys lead through all of a long list, and move and delete its rows', async ({
  long: { app, page },
}) => {
  await scrollTo(page, 0);
  await app.row(title(1)).locator('[data-part=text]').focus();
  await page.keyboard.press('End');
  const last = app.row(title(MANY)).locator('[data-part=text]');
  await expect(last).toBeFocused();
  await expect(last).toBeInViewport();
  for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowUp');
  await expect(app.row(title(MANY - 3)).locator('[data-part=text]')).toBeFocused();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(app.row(title(MANY - 3))).toHaveAttribute('aria-posinset', String(MANY - 4));
  await expect(app.row(title(MANY - 3)).locator('[data-part=text]')).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(app.row(title(MANY - 3))).toHaveCount(0);
  await expect(page.getByTestId('list-counts')).toHaveText(`${MANY - 1} open of ${MANY - 1}`);
  await page.keyboard.press('Home');
  await expect(app.row(title(1)).locator('[data-part=text]')).toBeFocused();
  await expect(app.row(title(1))).toBeInViewport();
});

test('[AP40] in the middle of a long list rows are dragged, edited and checked, and what is being written stays when it is scrolled away', async ({
  long: { app, page },
}) => {
  await scrollTo(page, 0.5);
  await expect.poll(() => middleTitle(page)).not.toBe('');
  const at = Number((await middleTitle(page)).replace(/\D/g, ''));
  await app.dragTo(title(at), title(at + 3));
  await expect(app.row(title(at))).toHaveAttribute('aria-posinset', String(at + 3));
  await app.check(title(at));
  const editor = await app.startEditing(title(at + 1));
  await editor.getByRole('textbox', { name: 'Note' }).fill('half a thou');
  await scrollTo(page, 0);
  await expect(app.row(title(1))).toBeInViewport();
  await page.keyboard.type('ght');
  await expect(editor.getByRole('textbox', { name: 'Note' })).toHaveValue('half a thought');
  await editor.getByRole('textbox', { name: 'Title' }).press('Enter');
  await app.addItem('The last');
  await expect(app.row('The last')).toBeInViewport();
  await expect(page.getByTestId('list-counts')).toHaveText(`${MANY} open of ${MANY + 1}`);
});

test('[AP42] a long list that was open before shows its first rows before all are read, as they are now, and what is added meanwhile comes last', async ({
  long: { app, page },
}) => {
  const editor = await app.startEditing(title(1));
  await editor.getByRole('textbox', { name: 'Title' }).fill('Renamed');
  await editor.getByRole('textbox', { name: 'Title' }).press('Enter');
  await expect(app.row('Renamed')).toBeVisible();
  await page.addInitScript(addAtFirstSight);
  await page.reload();
  await app.whenReady();
  await expect(page.getByTestId('list-counts')).toHaveText(`${MANY + 1} open of ${MANY + 1}`);
  const atFirst = await page.evaluate(() => (globalThis as { firstSight?: FirstSight }).firstSight);
  expect(atFirst).toMatchObject({ isInert: true, hasCounts: false });
  expect(atFirst?.titles.slice(0, 3)).toEqual(['Renamed', title(2), title(3)]);
  expect(await page.locator('.items').getAttribute('inert')).toBeNull();
  await scrollTo(page, 1);
  await expect(app.row('Early')).toHaveAttribute('aria-posinset', String(MANY + 1));
});

interface FirstSight {
  readonly titles: readonly string[];
  readonly isInert: boolean;
  readonly hasCounts: boolean;
}

/** In the page, before its own scripts: notes what is there when rows are first drawn, and adds an item. */
function addAtFirstSight(): void {
  const look = (): void => {
    const rows = [...document.querySelectorAll('[data-testid=item-title]')];
    const input = document.querySelector<HTMLInputElement>('.list-screen .add-input');
    if (rows.length === 0 || !input) return void requestAnimationFrame(look);
    const firstSight: FirstSight = {
      titles: rows.map((row) => row.textContent?.trim() ?? ''),
      isInert: document.querySelector<HTMLElement>('.items')?.inert ?? false,
      hasCounts: document.querySelector('[data-testid=list-counts]') !== null,
    };
    Object.assign(globalThis, { firstSight });
    input.value = 'Early';
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    // Behind the field's own drawing of what is in it.
    setTimeout(() => input.form?.requestSubmit());
  };
  requestAnimationFrame(look);
}
