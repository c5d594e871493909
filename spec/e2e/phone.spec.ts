/** A phone on the local network, as docs/deploy.md has it: with the root installed, and without. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { makeRoot } from '../../server/testing/certificate.ts';
import { ListsApp } from './pages/lists-app.ts';
import { openBadNetwork } from './support/bad-network.ts';
import { expectEachOnce } from './support/each-once.ts';
import { openPhone, type Phone, type PhoneOptions } from './support/phone.ts';
import { startServerProcess, type ServerProcess } from './support/server-process.ts';

const NAME = 'lists.example';
const root = makeRoot();

/** The documented command behind `offing serve`, word for word, on these files. */
async function documentedArgs(files: Record<string, string>): Promise<string[]> {
  const docs = await readFile(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');
  const section = docs.split('## On the local network')[1]?.split('\n## ')[0] ?? '';
  const [, args] = /^npx offing serve (.+)$/m.exec(section) ?? [];
  if (args === undefined) throw new Error('docs/deploy.md has no such command.');
  return args.split(' ').map((word) => files[word] ?? word);
}

interface Fixtures {
  readonly serve: (...args: string[]) => Promise<ServerProcess>;
  /** Serves as documented, with a certificate of `root` for these names. */
  readonly serveWithCertificate: (...names: string[]) => Promise<ServerProcess>;
  readonly newPhone: (options?: PhoneOptions) => Promise<Phone>;
}

const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern.
  serve: async ({}, use) => {
    const servers: ServerProcess[] = [];
    await use(async (...args) => {
      const server = await startServerProcess({ args });
      servers.push(server);
      return server;
    });
    for (const server of servers) await server.dispose();
  },
  serveWithCertificate: async ({ serve }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'offing-cert-'));
    await use(async (...names) => {
      const { cert, key } = root.issue(names);
      const files = { 'cert.pem': join(folder, 'cert.pem'), 'key.pem': join(folder, 'key.pem') };
      await writeFile(files['cert.pem'], cert);
      await writeFile(files['key.pem'], key);
      return serve(...(await documentedArgs(files)));
    });
    await rm(folder, { recursive: true, force: true });
  },
  // oxlint-disable-next-line no-empty-pattern -- As above.
  newPhone: async ({}, use) => {
    const phones: Phone[] = [];
    await use(async (options) => {
      const phone = await openPhone(options);
      phones.push(phone);
      return phone;
    });
    for (const phone of phones) await phone.dispose();
  },
});

async function linkOf(server: ServerProcess): Promise<URL> {
  const printed = await server.printed(/#connect=\S+\n/);
  return new URL(/Connect a device as .+: (\S+)/.exec(printed)?.[1] ?? '');
}

/** With a finger and the keyboard on the screen, as far as one is emulated. */
async function addByTouch({ app, page }: Phone, title: string): Promise<void> {
  await app.addItemField.tap();
  await page.keyboard.type(title);
  await page.getByRole('button', { name: 'Add', exact: true }).tap();
  await expect(app.row(title)).toBeVisible();
}

const workersOf = ({ page }: Phone): Promise<number> =>
  page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);

test('[AP14] [OPS14] a phone with the root installed opens the link that the documented command prints, joins, and works offline', async ({
  serveWithCertificate,
  newPhone,
}) => {
  const server = await serveWithCertificate(NAME);
  const link = await linkOf(server);
  expect(link.origin).toBe(`https://${NAME}:${server.port}`);
  const phone = await newPhone({ trusts: [root.cert] });
  const { app, page, context } = phone;

  await app.connect(link.href);
  await app.whenControlled();
  await app.addListField.tap();
  await page.keyboard.type('Camp');
  await page.getByRole('button', { name: 'Add list' }).tap();
  await addByTouch(phone, 'Tent');
  await app.expectStatus('All changes on the server');

  await context.setOffline(true);
  await expect(app.offlineBanner).toBeVisible();
  await addByTouch(phone, 'Stove');
  await app.row('Tent').getByRole('checkbox').tap();
  await expect(app.row('Tent')).toHaveClass(/is-done/);
  await page.reload();
  await app.whenReady();
  const shown = { note: null, depth: 0 };
  const expected = [
    { ...shown, title: 'Tent', done: true },
    { ...shown, title: 'Stove', done: false },
  ];
  await expect.poll(() => app.items()).toEqual(expected);
  expect(server.ops().some(({ payload }) => payload.includes('Stove'))).toBe(false);

  await context.setOffline(false);
  await app.expectStatus('All changes on the server');
  const payloads = server.ops().map(({ payload }) => payload);
  for (const written of ['"Camp"', '"Tent"', '"Stove"', '"done":true']) {
    expect(payloads.filter((payload) => payload.includes(written))).toHaveLength(1);
  }
});

/** What the app says of its own accord where it works only while it is open, and behind it. */
async function expectSaid({ app, page }: Phone, notice: string, remedy: string): Promise<void> {
  const banner = page.getByTestId('open-only-banner');
  await expect(banner).toContainText(notice);
  await expect(banner).toContainText('Keep the app open until all is sent');
  await banner.getByRole('button', { name: 'Why?' }).tap();
  const why = page.getByTestId('open-only');
  await expect(why).toContainText('without a network the app does not open');
  await expect(why).toContainText(remedy);
  await app.closeSheet();
  expect((await app.statusFacts())['With the app closed']).toMatch(/^Changes wait/);
  await banner.getByRole('button', { name: 'Dismiss' }).tap();
  await expect(banner).toHaveCount(0);
}

/** Lists by touch, also offline while the page is open; each change is on the server once in the end. */
async function expectToWork(phone: Phone, server: ServerProcess): Promise<void> {
  const { app, page, context } = phone;
  await app.addListField.tap();
  await page.keyboard.type('Camp');
  await page.getByRole('button', { name: 'Add list' }).tap();
  await addByTouch(phone, 'Tent');
  await app.expectStatus('All changes on the server');
  await context.setOffline(true);
  await expect(app.offlineBanner).toBeVisible();
  await addByTouch(phone, 'Stove');
  await context.setOffline(false);
  await app.expectStatus('All changes on the server');
  await page.reload();
  await app.whenReady();
  await expect.poll(() => app.titles()).toEqual(['Tent', 'Stove']);
  const payloads = server.ops().map(({ payload }) => payload);
  for (const written of ['"Camp"', '"Tent"', '"Stove"']) {
    expect(payloads.filter((payload) => payload.includes(written))).toHaveLength(1);
  }
}

test('[AP15] [OPS11] over plain http the printed link comes with a warning, and the app works while it is open and says so', async ({
  serve,
  newPhone,
}) => {
  const server = await serve('--host', '0.0.0.0', '--link');
  const link = await linkOf(server);
  await server.printed(/no service worker there, so the app works only while it is open/);
  const phone = await newPhone();
  const { app, page } = phone;

  await app.connect(`http://${NAME}:${server.port}/${link.hash}`);
  expect(await page.evaluate(() => 'serviceWorker' in navigator || 'locks' in navigator)).toBe(
    false,
  );
  await expectSaid(phone, 'begins with http://', 'start it with a certificate');
  await expectToWork(phone, server);
});

test('[HO31] [HO33] over plain http two tabs write beside each other, and one that is closed in the middle holds up nothing', async ({
  serve,
  newPhone,
}) => {
  const server = await serve('--host', '0.0.0.0', '--link');
  const network = await openBadNetwork(server.url);
  const { app, page, context } = await newPhone();
  await app.connect(`http://${NAME}:${new URL(network.url).port}/${(await linkOf(server)).hash}`);
  await app.addList('Camp');
  await app.expectStatus('All changes on the server');
  const other = await context.newPage();
  const second = new ListsApp(other);
  await second.open(page.url());

  // Either may send what the first writes: whoever is at it.
  let sender = page;
  for (const tab of [page, other])
    tab.on('request', (request) => {
      if (request.url().endsWith('/sync/push')) sender = tab;
    });
  const strike = network.strike('answer-lost');
  await app.addItem('Tent');
  await strike.caught;
  const [closed, left] = sender === page ? [app, second] : [second, app];
  await closed.addItem('Map');
  await left.addItem('Stove');
  await expect.poll(() => closed.titles()).toEqual(['Tent', 'Map', 'Stove']);
  await sender.close();
  await left.expectStatus('All changes on the server');
  await left.addItem('Rope');
  await left.expectStatus('All changes on the server');
  expect(await left.titles()).toEqual(['Tent', 'Map', 'Stove', 'Rope']);
  expectEachOnce(server);
  expect(network.mostPushesAtOnce).toBe(1);
  await strike.go();
  await network.close();
});

test('[AP15] past the warning of an untrusted certificate the app works while it is open and says so', async ({
  serveWithCertificate,
  newPhone,
}) => {
  const server = await serveWithCertificate(NAME);
  const link = await linkOf(server);
  const phone = await newPhone();
  const { app, page } = phone;

  await expect(page.goto(link.href)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
  await page.locator('#details-button').tap();
  await page.locator('#proceed-link').tap();
  await expect(app.toasts.filter({ hasText: 'This device is connected' })).toBeVisible();
  await expectSaid(phone, 'does not trust the server’s certificate', 'Install the root');
  expect(await workersOf(phone)).toBe(0);
  await expectToWork(phone, server);
});

test('[AP15] [OPS14] a certificate of a trusted root is refused under a name that it does not have', async ({
  serveWithCertificate,
  newPhone,
}) => {
  const server = await serveWithCertificate('other.example');
  expect((await linkOf(server)).hostname).toBe('other.example');
  const { page } = await newPhone({ trusts: [root.cert] });
  await expect(page.goto(`https://${NAME}:${server.port}/`)).rejects.toThrow(
    'ERR_CERT_COMMON_NAME_INVALID',
  );
});
