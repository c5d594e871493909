/**
 * Requests that are right but for something, at the app itself.
 *
 *   OFFING_FUZZ=20000 npx vitest run spec/fuzz      more rounds
 *   OFFING_SEED=7 …                                 from this seed on: a failure names its own
 */
import { expect, it } from 'vitest';
import { parse, PushAnswerSchema, PushRequestSchema } from '../../core/index.ts';
import { askApp, decoded } from './ask-app.ts';
import { seedsFor } from './budget.ts';
import { written, type FuzzRequest } from './fuzz-request.ts';
import { faultsOf, jsonOf, mayChange, type Answer } from './judge.ts';
import { disturbed } from './mutations.ts';
import { changesBetween } from './photograph.ts';
import { draft } from './valid-requests.ts';
import { faultsOfWorld } from './world-check.ts';
import { openWorld, type World } from './world.ts';

const ROUNDS = 250;
/** The first byte of anything that is gzip. */
const GZIP = 0x1f;

it.each(seedsFor(8, ROUNDS))(
  '[WI26] [WI27] [WI28] whatever is asked, the answer is one of the protocol and changes only what it says, and the next is answered: seed %i',
  async (seed) => {
    const world = await openWorld(seed);
    try {
      for (let i = 0; i < ROUNDS; i++) {
        const { request, faults } = await round(world);
        expect(
          faults,
          `OFFING_SEED=${seed}, round ${i}: ${written(request, world.tokens)}`,
        ).toEqual([]);
      }
      expect(await faultsOfWorld(world), `OFFING_SEED=${seed}`).toEqual([]);
    } finally {
      await world.stop();
    }
  },
  60_000,
);

async function round(world: World): Promise<{ request: FuzzRequest; faults: string[] }> {
  const request = disturbed(draft(world), world.random);
  const before = world.camera.shoot();
  const answer = await askApp(world, request);
  if (!answer) return { request, faults: [] };
  const allowed = mayChange(request, answer);
  const changed = [...changesBetween(before, world.camera.shoot())];
  const wrong = allowed === 'any' ? [] : changed.filter((id) => !allowed.has(id));
  learn(world, request, answer);
  const faults = [
    ...faultsOf(request, answer),
    ...wrong.map((id) => `${answer.status} changed ${id}`),
    ...world.reports.map(String),
    ...Object.keys(Object.prototype).map((name) => `every object has ${name}`),
  ];
  return { request, faults };
}

/** What a device would know after this answer. */
function learn(world: World, { method, body }: FuzzRequest, { status, text }: Answer): void {
  const answers =
    status === 200 && method === 'POST' ? parse(PushAnswerSchema, jsonOf(text)) : null;
  if (!answers?.ok) return;
  const sent = body?.[0] === GZIP ? decoded(body, 'gzip') : String(body);
  const asked = parse(PushRequestSchema, jsonOf(sent));
  const spaces = asked.ok ? Object.entries(asked.value.spaces) : [];
  world.learn(answers.value.spaces, new Map(spaces.map(([id, one]) => [id, one?.actor ?? ''])));
}
