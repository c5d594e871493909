/**
 * The same requests over connections of their own, framed well and badly, against the whole server.
 * `OFFING_FUZZ` and `OFFING_SEED` as in requests.test.ts.
 */
import { expect, it } from 'vitest';
import { seedsFor } from './budget.ts';
import { openConnection, type Connection } from './connection.ts';
import { framed, isHttp, stalled, type Framed } from './framings.ts';
import { written, type FuzzRequest } from './fuzz-request.ts';
import { codeOf, faultsOf, mayChange } from './judge.ts';
import { disturbed } from './mutations.ts';
import { changesBetween, type Photograph } from './photograph.ts';
import { draft } from './valid-requests.ts';
import { faultsOfWorld } from './world-check.ts';
import { openWorld, type World } from './world.ts';

const ROUNDS = 100;
const SLOW_ONES = 6;
const deadlines = { headersMs: 2000, bodyMs: 600, stallMs: 300 };

it.each(seedsFor(3, ROUNDS))(
  '[WI26] [WI27] [WI28] however it is framed, it is answered or its connection closed, and the next is answered on the same and on another: seed %i',
  async (seed) => {
    const world = await openWorld(seed, { deadlines });
    try {
      for (let i = 0; i < ROUNDS; i++) {
        const { what, faults } = await round(world);
        expect(faults, `OFFING_SEED=${seed}, round ${i}: ${what}`).toEqual([]);
      }
      expect(await slowFaults(world), `OFFING_SEED=${seed}`).toEqual([]);
      expect(await faultsOfWorld(world), `OFFING_SEED=${seed}`).toEqual([]);
    } finally {
      await world.stop();
    }
  },
  60_000,
);

async function round(world: World): Promise<{ what: string; faults: string[] }> {
  const request = disturbed(draft(world), world.random);
  const framing = framed(request, world.random);
  const before = world.camera.shoot();
  const connection = await openConnection(world.server.port);
  const test = framing.kind === 'sound' ? soundFaults : brokenFaults;
  const faults = await test(world, { connection, request, framing, before });
  connection.drop();
  return {
    what: `${framing.name}: ${written(request, world.tokens)}`,
    faults: [...faults, ...world.reports.map(String)],
  };
}

interface Sent {
  readonly connection: Connection;
  readonly request: FuzzRequest;
  readonly framing: Framed;
  readonly before: Photograph;
}

async function soundFaults(world: World, { connection, request, framing, before }: Sent) {
  const begun = performance.now();
  await connection.send(framing.pieces);
  const answer = await connection.next(request.method);
  if (!answer) return ['no answer'];
  // On a machine that is busy elsewhere, a body in pieces may be late.
  const wasSlow = performance.now() - begun >= deadlines.stallMs;
  const faults = faultsOf(request, answer, { wasSlow });
  const allowed = mayChange(request, answer);
  const changed = [...changesBetween(before, world.camera.shoot())];
  const wrong = allowed === 'any' ? [] : changed.filter((id) => !allowed.has(id));
  faults.push(...wrong.map((id) => `${answer.status} changed ${id}`));
  return answer.closes ? faults : [...faults, ...(await nextFaults(world, connection))];
}

/** The connection that brought this can bring another. */
async function nextFaults({ tokens }: World, connection: Connection): Promise<string[]> {
  const head = `GET /sync/account HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.full}\r\n\r\n`;
  await connection.send([Buffer.from(head)]);
  const next = await connection.next('GET');
  return next?.status === 200 ? [] : [`the next was answered ${next?.status ?? 'not at all'}`];
}

/** What comes back is not the protocol's, but Node's own word for what is not HTTP. */
async function brokenFaults(world: World, { connection, framing, before }: Sent) {
  await connection.send(framing.pieces);
  const statuses = statusesIn(await connection.finish());
  const faults = statuses.filter((status) => status >= 500).map((status) => `answered ${status}`);
  const isTaken = statuses.some((status) => status < 300);
  const changed = isTaken ? [] : changesBetween(before, world.camera.shoot());
  return [...faults, ...[...changed].map((id) => `nothing was taken, and ${id} changed`)];
}

const statusesIn = (heard: string): number[] =>
  [...heard.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status));

/** Bodies that never end, all at once: each is answered, none is taken. */
async function slowFaults(world: World): Promise<string[]> {
  const before = world.camera.shoot();
  const bodies = Array.from({ length: SLOW_ONES * 20 }, () => disturbed(draft(world), world.random))
    .filter((each) => each.method === 'POST' && (each.body?.length ?? 0) > 0 && isHttp(each))
    .slice(0, SLOW_ONES);
  const faults = bodies.map(async (request) => {
    const connection = await openConnection(world.server.port);
    await connection.send(stalled(request, request.body as Buffer, world.random).pieces);
    const answer = await connection.next('POST');
    connection.drop();
    if (
      answer &&
      answer.status >= 400 &&
      faultsOf(request, answer, { wasSlow: true }).length === 0
    ) {
      return [];
    }
    return [
      `${answer ? `${answer.status} ${codeOf(answer)}` : 'no answer'}: ${written(request, world.tokens)}`,
    ];
  });
  const all = (await Promise.all(faults)).flat();
  const changed = [...changesBetween(before, world.camera.shoot())];
  return [...all, ...changed.map((id) => `a body that never came changed ${id}`)];
}
