/** One cell: the phase is built, the answer given, its word asserted; then the server has its say. */
import { expect } from 'vitest';
import type { PushRequest, SequencedOp } from '../../core/index.ts';
import type { SetAside } from '../../sw/engine/ports.ts';
import type { Lab } from '../support/lab.ts';
import { listsConfig } from '../support/lists-config.ts';
import { faultsOf, readReplica } from '../support/replica-check.ts';
import { logsOf } from '../support/restorable-server.ts';
import { factsOf, ring, type Facts, type Phase, type Scene } from './phases.ts';
import type { Row } from './row.ts';
import { titleOf } from './server-side.ts';
import { inTurn, type Script, type Sent, type SentOp } from './way.ts';

/** What a word is asserted of. */
export interface Told {
  readonly scene: Scene;
  readonly row: Row;
  readonly before: Facts;
  readonly after: Facts;
  /** All that was sent by the drain that heard the answer, and its pushes. */
  readonly sent: readonly Sent[];
  readonly pushes: readonly PushRequest[];
  readonly answers: readonly Response[];
}

/** No answer is worth more requests than these before the next poll. */
export const MOST_AT_ONCE = 12;

export type Word = (told: Told) => Promise<void> | void;

export async function tryCell(lab: Lab, phase: Phase, row: Row, word: Word): Promise<void> {
  const scene = await phase.build(lab, { arrived: true, ...row.wishes });
  await row.before?.(scene);
  const before = await factsOf(scene);
  scene.way.forget();
  const script = await row.script?.(scene);
  scene.way.script = script && row.once ? inTurn(script) : script;
  await ring(scene.device);
  const { sent, pushes, answers } = scene.way;
  expect(opsIn(scene, pushes[0]).length > 0).toBe(phase.carries);
  expect(sent.length).toBeLessThanOrEqual(MOST_AT_ONCE);
  await word({ scene, row, before, after: await factsOf(scene), sent, pushes, answers });
  await goOn(scene);
  await expectWhole(scene, row);
}

/** What the request says of the scene's space. */
export const partOf = ({ space }: Scene, push: PushRequest | undefined) => push?.spaces[space];

export const opsIn = (scene: Scene, push: PushRequest | undefined): readonly SentOp[] =>
  partOf(scene, push)?.ops ?? [];

export const countIn = (push: PushRequest | undefined): number =>
  Object.values(push?.spaces ?? {}).reduce((sum, part) => sum + (part?.ops?.length ?? 0), 0);

/** The pushes that a ring sets off, answered by `script`, or by the server. */
export async function pushesOf(
  { device, way }: Scene,
  reason: 'visible' | 'poll' | 'sync-now',
  script?: Script,
): Promise<readonly PushRequest[]> {
  way.forget();
  way.script = script;
  if (reason === 'sync-now') await device.ask({ v: 1, type: 'sync-now' });
  else await ring(device, reason);
  way.script = undefined;
  return way.pushes;
}

const MOST_ROUNDS = 5;
const A_WHILE_MS = 120_000;

/** The server alone has its say, for as long as it takes. */
export async function goOn(scene: Scene): Promise<void> {
  const { device, place, way } = scene;
  way.script = undefined;
  const { connection, authFailed } = await device.session.load();
  if (authFailed || connection?.token !== place.token) await device.connect(place.url, place.token);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    scene.later(A_WHILE_MS);
    way.forget();
    await ring(device);
    const { status } = await factsOf(scene);
    if (status.pending + status.behind === 0 && status.trouble === null) return;
  }
}

/** In the end each op is in the log once or set aside, in its author's order, and the replica is the fold of its logs. */
export async function expectWhole(scene: Scene, { loses }: Row): Promise<void> {
  const { device, place, space, written } = scene;
  expect(await device.engine.status()).toMatchObject({
    phase: 'idle',
    pending: 0,
    behind: 0,
    trouble: null,
    waiting: null,
  });
  const logs = await logsOf(place.url, place.token);
  const aside = ((await device.table('_aside').toArray()) as SetAside[]).map(titleOf);
  const inLog = (logs.get(space) ?? []).map((op: SequencedOp) => titleOf(op));
  const kept = [...inLog, ...aside];
  expect(written.here.map((title) => [title, timesIn(kept, title)])).toEqual(
    written.here.map((title) => [title, 1]),
  );
  expect(inLog.filter((title) => written.here.includes(title))).toEqual(
    written.here.filter((title) => inLog.includes(title)),
  );
  for (const title of written.elsewhere) {
    expect(timesIn(inLog, title)).toBeLessThanOrEqual(1);
    if (!loses) expect(inLog).toContain(title);
  }
  const lists = [...logs.values()].flat().filter((op) => titleOf(op) === 'Camp').length;
  expect(lists + timesIn(aside, 'Camp')).toBe(1);
  const replica = await readReplica(device, Object.keys(listsConfig.collections));
  expect(faultsOf(replica, logs)).toEqual([]);
}

const timesIn = (titles: readonly string[], wanted: string): number =>
  titles.filter((title) => title === wanted).length;
