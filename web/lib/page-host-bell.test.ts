import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Status } from '../../core/index.ts';
import type { DrainEnd } from '../../sw/engine/exchange.ts';
import { createPageBell, TRY_AGAIN_AFTER_MS } from './page-host-bell.ts';
import { FakeEnvironment, IDLE } from './test-doubles.ts';

const account = { id: 'ann' as never, name: 'Ann' };
const WAITING: Status = { ...IDLE, account, pending: 2, phase: 'offline' };

let environment: FakeEnvironment;
let status: Status;
const drain = vi.fn(async (): Promise<DrainEnd> => ({ kind: 'held' }));

beforeEach(() => {
  environment = new FakeEnvironment();
  status = WAITING;
  drain.mockClear();
});

const open = () => createPageBell(environment, () => ({ drain, status: async () => status }));

describe('the bell of a page', () => {
  it('[HO37] tries again and again while something waits, though nobody looks at the page', async () => {
    environment.visible = false;
    const bell = open();
    await bell.ring();
    await bell.ring();
    await environment.advance(3 * TRY_AGAIN_AFTER_MS);
    expect(drain).toHaveBeenCalledTimes(3);
    expect(drain).toHaveBeenCalledWith({ force: false });
    status = { ...WAITING, pending: 0 };
    await environment.advance(3 * TRY_AGAIN_AFTER_MS);
    expect(drain).toHaveBeenCalledTimes(4);
    expect(environment.timers).toBe(0);
  });

  it('[HO37] goes on when a drain failed for a fault of the storage', async () => {
    drain.mockRejectedValueOnce(new Error('storage'));
    await open().ring();
    await environment.advance(2 * TRY_AGAIN_AFTER_MS);
    expect(drain).toHaveBeenCalledTimes(2);
  });

  it.each<[string, Partial<Status>]>([
    ['paused', { phase: 'paused' }],
    ['without an account', { account: null }],
    ['refused', { phase: 'needs-auth' }],
  ])('[HO37] does not go on where only a person can help: %s', async (_why, fields) => {
    status = { ...WAITING, ...fields };
    await open().ring();
    await environment.advance(3 * TRY_AGAIN_AFTER_MS);
    expect(drain).toHaveBeenCalledTimes(1);
  });

  it('[HO37] is silent once the host is closed', async () => {
    const bell = open();
    await bell.ring();
    bell.stop();
    await bell.ring();
    await environment.advance(3 * TRY_AGAIN_AFTER_MS);
    expect(drain).not.toHaveBeenCalled();
  });
});
