import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOW, spaceId } from '../testing/log-words.ts';
import { openApp } from '../testing/open-app.ts';
import type { TestApp } from '../testing/open-app.ts';

let now = NOW;
let app: TestApp;
beforeEach(async () => {
  now = NOW;
  app = await openApp({ now: () => now });
});
afterEach(() => app.stop());

const onlyToken = async () => (await app.tokens.list())[0];

describe('a token', () => {
  it('[AU1] is 256 random bits, and nowhere in the data directory', async () => {
    const token = await app.tokenFor('ann');
    expect(token).toMatch(/^off_[\w-]{43}$/);
    expect(await app.tokenFor('ann')).not.toBe(token);
    for (const name of readdirSync(app.data)) {
      expect(readFileSync(join(app.data, name)).includes(token.slice(4))).toBe(false);
    }
  });

  it('[AU2] says who asks and how far that reaches', async () => {
    const { id } = await app.accounts.named('ann');
    const token = await app.tokenFor('ann', { onlySpace: spaceId(1), readOnly: true });
    const asker = {
      account: id,
      token: (await onlyToken())?.id,
      onlySpace: spaceId(1),
      readOnly: true,
    };
    expect(await app.tokens.identify(token)).toEqual({ kind: 'asker', asker });
    expect(await app.tokens.identify(`${token}x`)).toEqual({ kind: 'invalid' });
    expect(await app.tokens.identify('')).toEqual({ kind: 'invalid' });
  });

  it('[AU5] counts no more from the moment it is revoked', async () => {
    const token = await app.tokenFor('ann');
    const { id = '' } = (await onlyToken()) ?? {};
    expect(await app.tokens.isRevoked(id)).toBe(false);
    expect(await app.tokens.revoke(id)).toBe(true);
    now += 1000;
    expect(await app.tokens.revoke(id)).toBe(true);
    expect(await app.tokens.identify(token)).toEqual({ kind: 'revoked' });
    expect(await app.tokens.isRevoked(id)).toBe(true);
    expect((await onlyToken())?.revokedAt).toBe(NOW);
    expect(await app.tokens.revoke('none')).toBe(false);
  });

  it('[AU8] tells when it was last used, to ten minutes', async () => {
    const token = await app.tokenFor('ann');
    const usedAt = async () => (await onlyToken())?.lastUsedAt;
    expect(await usedAt()).toBeNull();
    await app.tokens.identify(token);
    expect(await usedAt()).toBe(NOW);
    now += 9 * 60_000;
    await app.tokens.identify(token);
    expect(await usedAt()).toBe(NOW);
    now += 60_000;
    await app.tokens.identify(token);
    expect(await usedAt()).toBe(now);
  });

  it('[OPS9] of a link goes when nobody has used it, and stays when somebody has', async () => {
    const used = await app.tokenFor('ann', { isLink: true });
    const unused = await app.tokenFor('ann', { isLink: true });
    const other = await app.tokenFor('ann');
    await app.tokens.identify(used);
    await app.tokens.dropUnusedLinks();
    const kinds = await Promise.all([used, unused, other].map((each) => app.tokens.identify(each)));
    expect(kinds.map(({ kind }) => kind)).toEqual(['asker', 'invalid', 'asker']);
  });
});

describe('an account', () => {
  it('[AU6] is made once for a name, with a home of its own', async () => {
    expect(await app.accounts.first()).toBeNull();
    const [ann, again] = await Promise.all([app.accounts.named('ann'), app.accounts.named('ann')]);
    const bob = await app.accounts.named('bob');
    expect(again).toEqual(ann);
    expect(bob.home).not.toBe(ann.home);
    expect(await app.accounts.first()).toEqual(ann);
    expect(await app.accounts.of(bob.id)).toEqual(bob);
  });
});
