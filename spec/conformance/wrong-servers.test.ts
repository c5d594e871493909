/** The suite bites: for each server that is wrong in one way, its check is red, and green for ours. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS, runCheck } from '../../conformance/index.ts';
import { startConforming } from './target.ts';
import type { Conforming } from './target.ts';
import { clocks } from './wrong/clocks.ts';
import { doors } from './wrong/doors.ts';
import { hints } from './wrong/hints.ts';
import { logs } from './wrong/logs.ts';
import { replies } from './wrong/replies.ts';
import { snapshots } from './wrong/snapshots.ts';

const WRONG_SERVERS = [...clocks, ...doors, ...logs, ...replies, ...hints, ...snapshots];

let server: Conforming;
beforeAll(async () => void (server = await startConforming()));
afterAll(() => server.stop());

function checkNamed(name: string) {
  const check = CHECKS.find((each) => each.name === name);
  if (!check) throw new Error(`no check is named "${name}"`);
  return check;
}

describe('a server that is wrong in one way is noticed', () => {
  it.each(WRONG_SERVERS.map((each) => [each.wrong, each] as const))(
    '[WI23] %s',
    async (_, { check, make }) => {
      const { target } = server;
      const wrap = make({ ...target.tokens, own: target.token });
      const wrong = { ...target, fetch: wrap((url, init) => fetch(url, init)) };
      const verdict = await runCheck(checkNamed(check), wrong);
      expect(verdict).toMatchObject({ kind: 'broken' });
      // Noticed by what it said, not by falling over it.
      expect(verdict).not.toMatchObject({ why: expect.stringMatching(/^no answer/) as string });
      expect(await runCheck(checkNamed(check), target)).toEqual({ kind: 'held' });
    },
  );
});

describe('what is no server of this protocol', () => {
  const pages = {
    'a captive portal': () => new Response('<html>', { headers: { 'Content-Type': 'text/html' } }),
    'JSON that says nothing': () => Response.json({}),
    'a server that is down': () => Response.json({ code: 'internal' }, { status: 500 }),
  };

  it.each(Object.entries(pages))('[WI23] fails every check: %s', async (_, page) => {
    const target = { ...server.target, fetch: async () => page() };
    for (const check of CHECKS) {
      expect([check.name, (await runCheck(check, target)).kind]).toEqual([check.name, 'broken']);
    }
  });
});
