/**
 * A small server with people, tokens and spaces, and what the fuzz knows of its logs, so that it can
 * make requests that are right but for one thing. Its limits are small, so that they are met often.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PushAnswer, SpaceId } from '../../core/index.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { randomFrom, type Random } from '../support/random.ts';
import type { ServerOptions } from '../../server/index.ts';
import { openCamera, type Camera } from './photograph.ts';

export const LIMITS = {
  bodyBytes: 32 * 1024,
  payloadBytes: 2000,
  opsPerSpace: 20,
  spacesPerRequest: 10,
  opsPerAnswer: 7,
  answerBytes: 5000,
};
export const STREAMS_PER_ACCOUNT = 3;

/** A space as its devices know it. */
export interface KnownSpace {
  readonly id: string;
  head: number;
  /** Where a digest is known: 0 is always one. */
  places: { since: number; epoch: string; digest: string }[];
  actors: { readonly id: string; acked: number; sent: object[] }[];
}

export interface World {
  readonly seed: number;
  readonly random: Random;
  readonly server: TestServer;
  readonly camera: Camera;
  readonly tokens: Readonly<Record<TokenKind, string>>;
  readonly account: string;
  readonly spaces: KnownSpace[];
  /** What the server said of its own faults. */
  readonly reports: readonly unknown[];
  newId(): string;
  learn(answers: PushAnswer['spaces'], actors: ReadonlyMap<string, string>): void;
  stop(): Promise<void>;
}

export type TokenKind = 'full' | 'other' | 'readOnly' | 'oneSpace' | 'revoked' | 'unknown';

export async function openWorld(
  seed: number,
  options: Partial<ServerOptions> = {},
): Promise<World> {
  const random = randomFrom(seed);
  const appDir = await builtApp();
  const reports: unknown[] = [];
  const server = await startServer({
    limits: LIMITS,
    streamsPerAccount: STREAMS_PER_ACCOUNT,
    appDir,
    report: (error) => reports.push(error),
    ...options,
  });
  const { id: account, home } = await server.accounts.named('ann');
  const mint = (more = {}) => server.tokens.mint({ account, label: 'fuzz', ...more });
  const revoked = await mint();
  const [row] = await server.tokens.list();
  await server.tokens.revoke(row?.id ?? '');
  const tokens = {
    full: await mint(),
    other: await server.tokenFor('bob'),
    readOnly: await mint({ readOnly: true }),
    oneSpace: await mint({ onlySpace: home }),
    revoked,
    unknown: `off_${'A'.repeat(43)}`,
  };
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => random.below(16).toString(16)).join('');
  const newId = () => `0199${hex(4)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(12)}`;
  const spaces = [home, newId(), newId()].map((id) => knownSpace(id, [newId(), newId()]));
  const camera = openCamera(server.data);
  return {
    seed,
    random,
    server,
    camera,
    tokens,
    account,
    spaces,
    reports,
    newId,
    learn: (answers, actors) => spaces.forEach((space) => learn(space, answers, actors, newId)),
    async stop() {
      camera.close();
      await server.stop();
      rmSync(appDir, { recursive: true });
    },
  };
}

export const knownSpace = (id: string, actors: readonly string[]): KnownSpace => ({
  id,
  head: 0,
  places: [],
  actors: freshActors(actors),
});

const freshActors = (ids: readonly string[]): KnownSpace['actors'] =>
  ids.map((id) => ({ id, acked: 0, sent: [] }));

function learn(
  space: KnownSpace,
  answers: PushAnswer['spaces'],
  actors: ReadonlyMap<string, string>,
  newId: () => string,
): void {
  const answer: PushAnswer['spaces'][keyof PushAnswer['spaces']] = answers[space.id as SpaceId];
  if (!answer) return;
  if ('error' in answer) {
    // As a device does that finds itself cloned.
    if (answer.error.code === 'actor_forked') space.actors = freshActors([newId(), newId()]);
    return;
  }
  space.head = answer.head;
  const actor = space.actors.find(({ id }) => id === actors.get(space.id));
  if (actor) actor.acked = answer.acked;
  const since = answer.ops.at(-1)?.seq;
  if (since !== undefined) {
    space.places = [...space.places, { since, epoch: answer.epoch, digest: answer.digest }].slice(
      -9,
    );
  }
}

async function builtApp(): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'offing-fuzz-app-'));
  await mkdir(join(dir, 'assets'));
  const files = {
    'index.html': '<!doctype html><title>Lists</title>',
    'worker.js': 'self.onfetch = null;',
    'manifest.webmanifest': '{"name":"Lists"}',
    'assets/main-Ab3_9-xY.js': 'let x = 1;'.repeat(500),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  return dir;
}
