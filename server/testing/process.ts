/** The `offing` command as a process of its own, from a fresh build: what a person would run. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';

/** What is run as the command. */
export const MAIN = join(packageRoot, 'dist', 'server', 'cli', 'main.js');

/** Compiles the server, which is quick where nothing has changed. */
export function buildServer(): void {
  const tsc = join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  execFileSync(process.execPath, [tsc, '-b', 'server'], { cwd: packageRoot, stdio: 'inherit' });
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command to its end. */
export function offing(args: readonly string[], env: Record<string, string> = {}): Ended {
  const options = { encoding: 'utf8', env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], options);
  return { code: status, out: stdout, err: stderr };
}

export interface Running {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it has printed so far. */
  out(): string;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

/** Starts `offing serve` on a free port, and waits until it listens. */
export async function startServing(data: string, ...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--data', data, '--port', '0', ...args]);
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.err += chunk));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...text }));
  const url = await Promise.race([
    listening(),
    ended.then(({ err }) => Promise.reject(new Error(err))),
  ]);

  async function listening(): Promise<string> {
    for (;;) {
      const found = /^Offing listens on (\S+)$/m.exec(text.out)?.[1];
      if (found) return found;
      await once(child.stdout, 'data');
    }
  }

  return { url, child, out: () => text.out, kill: (signal) => child.kill(signal), ended };
}
