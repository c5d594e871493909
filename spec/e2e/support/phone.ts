/**
 * A phone: a Chromium of its own, with a profile of its own, that trusts a root when its person has
 * installed it, and finds the test's names on this machine.
 *
 * The root is put where Chromium itself keeps the ones that a person has added to a profile, the
 * database `ServerCertificate`. So everything else of a certificate is judged as ever (its names,
 * its dates, its chain), which is more than a flag that switches the judgement off would leave.
 */
import { X509Certificate } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, devices, type BrowserContext, type Page } from '@playwright/test';
import Database from 'better-sqlite3';
import { BROWSER_ARGS, findBrowser } from '../../../scripts/find-browser.mjs';
import { ListsApp } from '../pages/lists-app.ts';

export interface Phone {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly app: ListsApp;
  /** Closes it and forgets everything that it had. */
  dispose(): Promise<void>;
}

export interface PhoneOptions {
  /** Roots in PEM that were installed on it. */
  readonly trusts?: readonly string[];
}

export async function openPhone({ trusts = [] }: PhoneOptions = {}): Promise<Phone> {
  const profile = await mkdtemp(join(tmpdir(), 'offing-phone-'));
  installRoots(profile, trusts);
  const executablePath = findBrowser();
  const context = await chromium.launchPersistentContext(profile, {
    ...devices['Pixel 7'],
    ...(executablePath === undefined ? {} : { executablePath }),
    // Every name is this machine. It stays another origin than localhost, with none of its rights.
    args: [...BROWSER_ARGS, '--host-resolver-rules=MAP * 127.0.0.1'],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  return {
    context,
    page,
    app: new ListsApp(page),
    async dispose() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** A `CertificateMetadata` whose `trust.trust_type` is 3, trusted. */
const TRUSTED = Buffer.from([0x0a, 0x02, 0x08, 0x03]);

function installRoots(profile: string, roots: readonly string[]): void {
  const folder = join(profile, 'Default');
  mkdirSync(folder, { recursive: true });
  const db = new Database(join(folder, 'ServerCertificate'));
  db.exec(`
    CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
    INSERT INTO meta VALUES ('version', '1'), ('last_compatible_version', '1');
    CREATE TABLE certificates(
      sha256hash_hex TEXT PRIMARY KEY, der_cert BLOB NOT NULL, trust_settings BLOB NOT NULL)`);
  for (const root of roots) {
    const { raw, fingerprint256 } = new X509Certificate(root);
    const hash = fingerprint256.replaceAll(':', '').toLowerCase();
    db.prepare('INSERT INTO certificates VALUES (?, ?, ?)').run(hash, raw, TRUSTED);
  }
  db.close();
}
