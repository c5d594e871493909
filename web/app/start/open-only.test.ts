import { describe, expect, it } from 'vitest';
import { OffingError, type HostPlace } from '../../lib/index.ts';
import { openOnly, type Surroundings } from './open-only.ts';

const inPage = (cause?: unknown): HostPlace => ({
  in: 'page',
  why: new OffingError('unreachable', 'No service worker.', { cause }),
});
const good: Surroundings = { place: inPage(), isSecure: true, hasServiceWorkers: true };
const named = (name: string) => Object.assign(new Error('no'), { name });

describe('what does not work without a service worker', () => {
  it.each<[string, Partial<Surroundings>, RegExp, RegExp]>([
    [
      'plain http',
      { isSecure: false, hasServiceWorkers: false },
      /http:\/\/.*can read and change/,
      /certificate/,
    ],
    ['a private window', { hasServiceWorkers: false }, /private windows/, /ordinary window/],
    [
      'an untrusted certificate',
      { place: inPage(named('SecurityError')) },
      /not trust the server’s certificate/,
      /Install the root/,
    ],
  ])('[AP15] %s: says so without being asked, why, and what to do', (_title, here, why, remedy) => {
    const said = openOnly({ ...good, ...here });
    expect(said?.notice).toContain('Keep the app open until all is sent');
    expect(said?.why).toMatch(why);
    expect(said?.remedy).toMatch(remedy);
  });

  it('[AP15] a worker that is late or not loaded is no alarm', () => {
    for (const place of [inPage(), inPage(named('TypeError'))]) {
      expect(openOnly({ ...good, place })).toMatchObject({ notice: null });
    }
  });

  it('[AP15] with a worker, and before anything is decided, there is nothing to say', () => {
    for (const place of [{ in: 'worker' }, { in: null }] as const) {
      expect(openOnly({ ...good, place, isSecure: false })).toBeNull();
    }
  });
});
