import { describe, expect, it } from 'vitest';
import type { Outcome, PushAnswer, PushRequest } from '../../core/index.ts';
import { ownAnswers } from './own-answers.ts';
import type { Connection, Transport } from './ports.ts';

/** A server that answers with what `by` makes of a request. */
function askThrough(by: (request: PushRequest) => Partial<PushAnswer>) {
  const asked: PushRequest[] = [];
  let bytes = 0;
  const push: Transport['push'] = async (_, request): Promise<Outcome<PushAnswer>> => {
    asked.push(request);
    return { ok: true, value: { now: 1, spaces: {}, ...by(request) } };
  };
  const send = ownAnswers({
    transport: { push } as Transport,
    clock: { now: () => 1, wait: () => new Promise(() => {}) },
    random: { bytes: (count) => new Uint8Array(count).fill((bytes += 1)), fraction: () => 0 },
  });
  return { asked, send: () => send({} as Connection, { spaces: {} }) };
}

describe('an answer', () => {
  it('[WI35] to another request is none', async () => {
    const kept: string[] = [];
    const { send } = askThrough(({ request = '' }) => {
      kept.push(request);
      return { request: kept[0] ?? '' };
    });
    expect(await send()).toMatchObject({ ok: true });
    expect(await send()).toEqual({ ok: false, failure: { kind: 'network', why: 'not-ours' } });
  });

  it('[WI35] of a server that repeats no names is believed, and each request has a name of its own', async () => {
    const { asked, send } = askThrough(() => ({}));
    expect([await send(), await send()]).toMatchObject([{ ok: true }, { ok: true }]);
    expect(new Set(asked.map(({ request }) => request)).size).toBe(2);
  });
});
