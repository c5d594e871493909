/** Our own server, held against every sentence of the protocol that is built. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS, runCheck } from '../../conformance/index.ts';
import { startConforming } from './target.ts';
import type { Conforming } from './target.ts';

let server: Conforming;
beforeAll(async () => void (server = await startConforming()));
afterAll(() => server.stop());

describe.each([...new Set(CHECKS.map(({ section }) => section))])('%s', (section) => {
  const checks = CHECKS.filter((check) => check.section === section);
  it.each(checks.map((check) => [titleOf(check), check] as const))('%s', async (_, check) => {
    expect(await runCheck(check, server.target)).toEqual({ kind: 'held' });
  });
});

function titleOf({ rules, name }: (typeof CHECKS)[number]): string {
  return `${rules.map((rule) => `[${rule}] `).join('')}${name}`;
}
