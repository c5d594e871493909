/** Servers that give one answer for ever: a drain does what the answer asks for, and then it ends. */
import { describe, expect, it } from 'vitest';
import { SPACE_ERRORS, type SpaceErrorCode } from '../../core/index.ts';
import { openLab } from '../support/lab.ts';
import { expectWhole, goOn, MOST_AT_ONCE } from './cell.ts';
import { PHASES, ring, SERVER, rowOf, type Scene } from './phases.ts';
import { errorOf } from './way.ts';

const lab = openLab(SERVER);

/** What each code says beside itself, so that it is always to be taken at its word. */
async function errorIn(scene: Scene, code: SpaceErrorCode): Promise<object> {
  const { progress, cursor } = await rowOf(scene);
  const { acked, sealed } = progress;
  switch (code) {
    case 'actor_forked':
      return { code, clock: 1 };
    case 'epoch_changed':
      return { code, epoch: 'of a moment', from: cursor, head: cursor + 1, acked };
    case 'clock_gap':
      return { code, expected: Math.min(1, sealed) };
    case 'cursor_expired':
      return { code, horizon: cursor + 1, acked };
    case 'cursor_ahead':
    case 'digest_mismatch':
    case 'no_such_space':
    case 'space_deleted':
    case 'forbidden':
    case 'space_full':
    case 'protocol_unsupported':
      return { code, acked };
  }
}

describe.each(['up to date', 'first sending', 'behind', 'set aside', 'filling'])('%s', (column) => {
  it.each(SPACE_ERRORS)('[AB23] %s for ever ends the drain, and harms nothing', async (code) => {
    const scene = (await PHASES[column]?.build(lab, { arrived: true })) as Scene;
    const error = await errorIn(scene, code);
    scene.way.forget();
    scene.way.script = errorOf(scene.space, error);
    await ring(scene.device);
    expect(scene.way.sent.length).toBeLessThanOrEqual(MOST_AT_ONCE);
    await goOn(scene);
    await expectWhole(scene, {});
  });
});
