import { describe, expect, it } from 'vitest';
import { simulateCommand } from './command.ts';

async function command(line: string) {
  const lines: string[] = [];
  const terminal = { tell: (one: string) => void lines.push(one), signal: AbortSignal.abort() };
  return { code: await simulateCommand(line.split(' '), terminal), lines };
}

describe('the command', () => {
  it('[SI23] says in one line what is wrong with its arguments, before anything is run', async () => {
    expect(await command('--seeds none')).toEqual({
      code: 2,
      lines: ['--seeds is a whole number from 1'],
    });
    expect(await command('--report /no/such/folder/run.html')).toEqual({
      code: 2,
      lines: ['there is no folder for /no/such/folder/run.html'],
    });
  });

  it('[SI23] names the known-bad changes where one is asked for that is none', async () => {
    const { code, lines } = await command('--known-bad nothing');
    expect(code).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(/^nothing is no known-bad change; there are no-dedupe /),
    ]);
  });
});
