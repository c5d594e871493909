import { describe, expect, it } from 'vitest';
import type { Engine } from './create-engine.ts';
import { answer } from './answer.ts';

const engineThat = (handle: Engine['handle']) => ({ handle }) as Engine;

describe('the host’s answer', () => {
  it('[HO8] a fault of the host is answered by a code, and reaches the console all the same', async () => {
    const fault = new TypeError('a fault of ours');
    const kept: Promise<unknown>[] = [];
    const broken = engineThat(() => Promise.reject(fault));
    const reply = await answer(broken, { v: 1, type: 'status' }, (work) => kept.push(work));
    expect(reply).toMatchObject({ type: 'error', code: 'internal' });
    await expect(kept[0]).rejects.toBe(fault);
  });

  it('[HO2] what does not parse never reaches the engine', async () => {
    const untouched = engineThat(() => Promise.reject(new Error('reached')));
    for (const request of [null, 7, {}, { v: 1 }, { v: 1, type: 'write', ops: [{}] }]) {
      const reply = await answer(untouched, request, () => {});
      expect(reply).toMatchObject({ type: 'error', code: 'bad_request' });
    }
  });
});
