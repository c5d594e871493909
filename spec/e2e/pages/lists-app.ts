/** Offing Lists as a person uses it: by what is written on the screen, and nothing that is not. */
import { expect, type Locator, type Page } from '@playwright/test';

export interface ShownItem {
  readonly title: string;
  readonly note: string | null;
  readonly done: boolean;
  readonly depth: number;
}

export interface ShownList {
  readonly title: string;
  /** As it is written: `2/5`, or `–` for an empty one. */
  readonly counts: string;
}

export interface ItemEdit {
  readonly title?: string;
  readonly note?: string;
  readonly link?: string;
}

export class ListsApp {
  readonly page: Page;
  readonly addItemField: Locator;
  readonly addListField: Locator;
  readonly statusText: Locator;
  readonly offlineBanner: Locator;
  readonly updateBanner: Locator;
  readonly toasts: Locator;

  constructor(page: Page) {
    this.page = page;
    this.addItemField = page.getByRole('textbox', { name: 'Add an item' });
    this.addListField = page.getByRole('textbox', { name: 'New list' });
    this.statusText = page.getByTestId('status');
    this.offlineBanner = page.getByTestId('offline-banner');
    this.updateBanner = page.getByTestId('update-banner');
    this.toasts = page.getByTestId('toast');
  }

  /** Opens the app and waits until it shows what it has. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.whenReady();
  }

  /** After a reload or a navigation: the lists or the open list are there, and the host has spoken. */
  async whenReady(): Promise<void> {
    await expect(this.addListField.or(this.addItemField).first()).toBeAttached();
    await expect(this.statusText).not.toHaveAttribute('data-phase', 'starting');
  }

  /** Until the page's worker is in charge: from then on it also opens offline. */
  async whenControlled(): Promise<void> {
    await this.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  }

  /** Opens a connect link, `<origin>/#connect=<token>`, and waits until the device has joined. */
  async connect(link: string): Promise<void> {
    await this.page.goto(link);
    await expect(this.toasts.filter({ hasText: 'This device is connected' })).toBeVisible();
    await this.whenReady();
  }

  /** Pastes a link or token into the sheet. */
  async connectBySheet(pasted: string): Promise<void> {
    await this.appMenu('Connect this device…');
    await this.page.getByRole('textbox', { name: 'Connect link or token' }).fill(pasted);
    await this.page.getByRole('button', { name: 'Connect', exact: true }).click();
  }

  // ---- lists

  /** Where the lists are: another page on a phone, always in sight on a desktop. */
  async showLists(): Promise<void> {
    if (await this.addListField.isVisible()) return;
    await this.page.locator('.home-link').click();
    await expect(this.addListField).toBeVisible();
  }

  /** Adds a list, which opens it. Returns its id. */
  async addList(title: string): Promise<string> {
    await this.showLists();
    await this.addListField.fill(title);
    await this.addListField.press('Enter');
    await expect(
      this.page.getByRole('heading', { level: 1, name: title, exact: true }),
    ).toBeVisible();
    return this.openListId();
  }

  async openList(title: string): Promise<void> {
    await this.showLists();
    await this.listRow(title).getByRole('link').click();
    await expect(
      this.page.getByRole('heading', { level: 1, name: title, exact: true }),
    ).toBeVisible();
  }

  openListId(): string {
    return new URL(this.page.url()).pathname.replace('/list/', '');
  }

  async renameOpenList(title: string): Promise<void> {
    await this.page.getByRole('heading', { level: 1 }).getByRole('button').click();
    const field = this.page.getByRole('textbox', { name: 'Name of the list' });
    await field.fill(title);
    await field.press('Enter');
    await expect(
      this.page.getByRole('heading', { level: 1, name: title, exact: true }),
    ).toBeVisible();
  }

  async deleteList(title: string): Promise<void> {
    await this.showLists();
    await this.listRow(title)
      .getByRole('button', { name: `Actions for list ${title}` })
      .click();
    await this.menuEntry('Delete');
    await expect(this.listRow(title)).toHaveCount(0);
  }

  /** What the menu of the open list offers: `Uncheck all`, `Clear checked`, `Delete list` … */
  async listMenu(entry: string): Promise<void> {
    await this.page
      .getByRole('main')
      .getByRole('button', { name: /^Actions for list/ })
      .click();
    await this.menuEntry(entry);
  }

  /** All lists as they stand; on a phone they must be in sight. */
  lists(): Promise<ShownList[]> {
    return this.page.getByTestId('list').evaluateAll((rows) =>
      rows.map((row) => ({
        title: row.querySelector('.list-name')?.textContent ?? '',
        counts: row.querySelector('.count')?.textContent ?? '',
      })),
    );
  }

  listRow(title: string): Locator {
    const name = this.page.locator('.list-name').getByText(title, { exact: true });
    return this.page.getByTestId('list').filter({ has: name });
  }

  // ---- items of the open list

  async addItem(title: string): Promise<void> {
    await this.addItemField.fill(title);
    await this.addItemField.press('Enter');
    await expect(this.row(title).first()).toBeVisible();
  }

  /** Pastes lines into the field and takes the offer to make them items. */
  async pasteItems(lines: readonly string[]): Promise<void> {
    await this.addItemField.focus();
    await this.addItemField.evaluate((field, text) => {
      const data = new DataTransfer();
      data.setData('text/plain', text);
      field.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    }, lines.join('\n'));
    await this.page.getByRole('button', { name: `Add ${lines.length} items` }).click();
  }

  row(title: string): Locator {
    const name = this.page.getByTestId('item-title').getByText(title, { exact: true });
    return this.page.getByTestId('item').filter({ has: name });
  }

  /** The editor of the one item that is being edited. */
  get editor(): Locator {
    return this.page.getByTestId('item').getByRole('group', { name: /^Edit / });
  }

  /** Opens an item's editor and leaves it open. */
  async startEditing(title: string): Promise<Locator> {
    await this.row(title).getByTestId('item-title').click();
    await expect(this.editor).toBeVisible();
    return this.editor;
  }

  async editItem(title: string, edit: ItemEdit): Promise<void> {
    const editor = await this.startEditing(title);
    const fields = { Note: edit.note, Link: edit.link, Title: edit.title };
    for (const [label, text] of Object.entries(fields)) {
      if (text !== undefined) await editor.getByRole('textbox', { name: label }).fill(text);
    }
    await editor.getByRole('textbox', { name: 'Title' }).press('Enter');
    await expect(this.editor).toHaveCount(0);
  }

  async check(title: string, done = true): Promise<void> {
    await this.row(title).getByRole('checkbox').setChecked(done);
    await expect(this.row(title)).toHaveClass(done ? /is-done/ : /^((?!is-done).)*$/);
  }

  async itemMenu(title: string, entry: string): Promise<void> {
    await this.row(title)
      .getByRole('button', { name: `Actions for ${title}` })
      .click();
    await this.menuEntry(entry);
  }

  async moveToList(title: string, list: string): Promise<void> {
    await this.itemMenu(title, 'Move to another list…');
    await this.menuEntry(list);
    await expect(this.row(title)).toHaveCount(0);
  }

  async deleteItem(title: string): Promise<void> {
    await this.itemMenu(title, 'Delete');
    await expect(this.row(title)).toHaveCount(0);
  }

  /** Alt and an arrow, on the item's text. */
  async moveByKeys(title: string, way: 'Up' | 'Down' | 'Left' | 'Right', times = 1): Promise<void> {
    await this.row(title).locator('[data-part=text]').focus();
    for (let i = 0; i < times; i++) await this.page.keyboard.press(`Alt+Arrow${way}`);
  }

  /** Drags an item by its handle onto the place of another one. */
  async dragTo(title: string, ontoTitle: string): Promise<void> {
    const from = await centre(this.row(title).locator('.handle'));
    const to = await centre(this.row(ontoTitle));
    const { mouse } = this.page;
    const past = to.y > from.y ? 6 : -6;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(from.x, from.y + past, { steps: 2 });
    await mouse.move(from.x, to.y, { steps: 12 });
    await mouse.move(from.x, to.y + past, { steps: 4 });
    await mouse.up();
  }

  /** The items as they stand on the screen, top to bottom. */
  items(): Promise<ShownItem[]> {
    return this.page.getByTestId('item').evaluateAll((rows) =>
      rows.map((row) => ({
        title: row.querySelector('[data-testid=item-title]')?.textContent ?? '',
        note: row.querySelector('[data-testid=item-note]')?.textContent ?? null,
        done: row.classList.contains('is-done'),
        depth: Number(/depth-(\d)/.exec(row.className)?.[1] ?? 0),
      })),
    );
  }

  async titles(): Promise<string[]> {
    return (await this.items()).map(({ title }) => title);
  }

  /** Takes back what was done last, by the newest message that offers it. */
  async undo(): Promise<void> {
    await this.toasts.getByRole('button', { name: 'Undo' }).last().click();
  }

  // ---- import and export

  /** Pastes a text into the import sheet and takes it. */
  async importText(text: string): Promise<void> {
    await this.appMenu('Import…');
    await this.page.getByRole('textbox', { name: /paste here/ }).fill(text);
    await this.acceptImport();
  }

  async importFile(
    file: string | { name: string; mimeType: string; buffer: Buffer },
  ): Promise<void> {
    await this.appMenu('Import…');
    await this.page.locator('input[type=file]').setInputFiles(file);
    await this.acceptImport();
  }

  async acceptImport(): Promise<void> {
    await expect(this.page.getByTestId('import-summary')).toBeVisible();
    await this.page.getByRole('button', { name: /^Import \d+ item/ }).click();
    await expect(this.page.getByRole('dialog')).toHaveCount(0, { timeout: 30_000 });
  }

  /** The text of the file that the export sheet saves. */
  async exportAll(format: 'Markdown' | 'JSON'): Promise<string> {
    await this.appMenu('Export all…');
    await this.page.getByRole('radio', { name: new RegExp(`^${format}`) }).check();
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.getByRole('button', { name: 'Download' }).click(),
    ]);
    await this.closeSheet();
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString('utf8');
  }

  // ---- status

  async status(): Promise<string> {
    return (await this.statusText.textContent()) ?? '';
  }

  async expectStatus(text: string | RegExp): Promise<void> {
    await expect(this.statusText).toHaveText(text);
  }

  async pause(): Promise<void> {
    await this.inStatusSheet('Pause syncing');
  }

  async resume(): Promise<void> {
    await this.inStatusSheet('Resume syncing');
  }

  async syncNow(): Promise<void> {
    await this.inStatusSheet('Sync now');
  }

  /** The lines of the status sheet, by their names. */
  async statusFacts(): Promise<Record<string, string>> {
    await this.openStatus();
    const facts = await this.page
      .locator('.fact')
      .evaluateAll((all) =>
        all.map((fact): [string, string] => [
          fact.querySelector('dt')?.textContent ?? '',
          fact.querySelector('dd')?.textContent ?? '',
        ]),
      );
    await this.closeSheet();
    return Object.fromEntries(facts);
  }

  // ---- the frame

  async appMenu(entry: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Menu', exact: true }).click();
    await this.menuEntry(entry);
  }

  async closeSheet(): Promise<void> {
    await this.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await expect(this.page.getByRole('dialog')).toHaveCount(0);
  }

  private async menuEntry(name: string): Promise<void> {
    await this.page.getByRole('menuitem', { name, exact: true }).click();
  }

  private async openStatus(): Promise<void> {
    await this.page.getByRole('button', { name: /^Status: / }).click();
  }

  private async inStatusSheet(button: string): Promise<void> {
    await this.openStatus();
    await this.page.getByRole('button', { name: button }).click();
    await this.closeSheet();
  }
}

async function centre(locator: Locator): Promise<{ x: number; y: number }> {
  await locator.scrollIntoViewIfNeeded();
  const box = await locator.boundingBox();
  if (!box) throw new Error('It is not on the screen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
