import { describe, expect, it } from 'vitest';
import { actorOf } from '../spec/support/ops.ts';
import type { AccountId } from './ids.ts';
import { isNearlyFull } from './storage.ts';
import { deriveStatus, type StatusFacts } from './derive-status.ts';
import { STALL_MS, STARTING, type Retry } from './status.ts';

const NOW = 1_000_000;
const MB = 1024 * 1024;
const GB = 1024 * MB;

const FACTS: StatusFacts = {
  now: NOW,
  storageFault: null,
  account: { id: actorOf('me') as string as AccountId, name: 'me' },
  paused: false,
  authFailed: false,
  updateNeeded: false,
  retry: null,
  syncing: false,
  isFilling: false,
  pending: 0,
  oldestPendingAt: null,
  lastSyncedAt: NOW - 10,
  behind: 0,
  filling: null,
  setAside: 0,
  conflicts: 0,
  former: 0,
  canSyncInBackground: true,
  trouble: null,
  troubled: 0,
  storage: null,
  lost: null,
  away: null,
};

const OFFLINE: Retry = {
  attempt: 1,
  since: 0,
  until: NOW + 500,
  failure: { kind: 'network', why: 'unreachable' },
};
const BUSY: Retry = {
  attempt: 2,
  since: 0,
  until: NOW + 900,
  failure: { kind: 'busy', code: 'rate_limited', retryAfter: 900 },
};

const status = (facts: Partial<StatusFacts>) => deriveStatus({ ...FACTS, ...facts });

describe('the phase', () => {
  it.each<[string, Partial<StatusFacts>]>([
    ['starting', {}],
    ['idle', {}],
    ['idle', { account: null }],
    ['syncing', { syncing: true }],
    ['bootstrapping', { syncing: true, isFilling: true }],
    ['offline', { retry: OFFLINE }],
    ['waiting', { retry: BUSY }],
    ['needs-auth', { authFailed: true }],
    ['paused', { paused: true }],
    ['update-needed', { updateNeeded: true }],
    ['storage-failed', { storageFault: 'failed' }],
  ])('[ST1] is %s when it is so: %j', (phase, facts) => {
    expect(phase === 'starting' ? STARTING.phase : status(facts).phase).toBe(phase);
  });

  it('[ST2] of several that hold is the one a person can act on, in a fixed order', () => {
    const holding: Partial<StatusFacts> = {
      storageFault: 'failed',
      updateNeeded: true,
      paused: true,
      authFailed: true,
      syncing: true,
      retry: BUSY,
    };
    const calmed: Partial<StatusFacts>[] = [
      { storageFault: null },
      { updateNeeded: false },
      { paused: false },
      { authFailed: false },
      { syncing: false },
      { retry: null },
    ];
    let facts = holding;
    const phases = [status(facts).phase];
    for (const calm of calmed) {
      facts = { ...facts, ...calm };
      phases.push(status(facts).phase);
    }
    expect(phases).toEqual([
      'storage-failed',
      'update-needed',
      'paused',
      'needs-auth',
      'syncing',
      'waiting',
      'idle',
    ]);
  });

  it('[ST2] of a device that keeps its data alone is idle, whatever an old connection left', () => {
    const left = { account: null, authFailed: true, retry: OFFLINE };
    expect(status(left).phase).toBe('idle');
  });
});

describe('the status', () => {
  it('[ST3] says until when it waits, and why', () => {
    expect(status({ retry: OFFLINE }).waiting).toEqual({
      until: NOW + 500,
      failure: { kind: 'network', why: 'unreachable' },
    });
    expect(status({}).waiting).toBeNull();
  });

  it('[ST4] passes on what is pending, how old the oldest is, what is set aside, conflicts or is missing', () => {
    const facts = {
      pending: 3,
      oldestPendingAt: NOW - 5,
      behind: 2,
      setAside: 1,
      conflicts: 4,
      former: 6,
    };
    expect(status(facts)).toMatchObject(facts);
    expect(status({ pending: 0, oldestPendingAt: NOW - 5 }).oldestPendingAt).toBeNull();
  });

  it.each([
    [true, 'background'],
    [false, 'while-open'],
  ])('[ST5] with background sync %s, says that changes leave: %s', (can, delivery) => {
    expect(status({ canSyncInBackground: can }).delivery).toBe(delivery);
  });

  const waiting = (age: number) => ({ pending: 1, oldestPendingAt: NOW - age });

  it('[ST6] is stalled when ops have not left for a minute, and not before', () => {
    expect(status(waiting(STALL_MS)).stalled).toBe(false);
    expect(status(waiting(STALL_MS + 1)).stalled).toBe(true);
    expect(status({ pending: 0, oldestPendingAt: 0 }).stalled).toBe(false);
  });

  it.each<Partial<StatusFacts>>([
    { syncing: true },
    { syncing: true, isFilling: true },
    { retry: OFFLINE },
    { retry: BUSY },
    { authFailed: true },
    { updateNeeded: true },
    { storageFault: 'failed' },
  ])('[ST6] is stalled in any phase that the person did not choose: %j', (facts) => {
    expect(status({ ...waiting(STALL_MS + 1), ...facts }).stalled).toBe(true);
  });

  it('[ST6] is not stalled while the person has paused it, or keeps the data here alone', () => {
    expect(status({ ...waiting(STALL_MS + 1), paused: true }).stalled).toBe(false);
    expect(status({ ...waiting(STALL_MS + 1), account: null }).stalled).toBe(false);
  });

  it.each([
    [{ usage: 0, quota: 100 * MB }, false],
    [{ usage: 89 * MB, quota: 100 * MB }, false],
    [{ usage: 91 * MB, quota: 100 * MB }, true],
    [{ usage: 91 * GB, quota: 100 * GB }, false],
    [{ usage: 100 * GB - 49 * MB, quota: 100 * GB }, true],
    [{ usage: 0, quota: 0 }, false],
  ])('[ST9] of %j says that it is nearly full: %s', (figures, nearlyFull) => {
    expect(isNearlyFull({ ...figures, persisted: false })).toBe(nearlyFull);
  });

  it('[ST6] is stalled with ops of a time to come, of a clock that was set back', () => {
    expect(status(waiting(-STALL_MS)).stalled).toBe(false);
    expect(status(waiting(-STALL_MS - 1)).stalled).toBe(true);
  });

  it('[ST7] names a space in trouble and the server’s code, in any phase', () => {
    const trouble = { space: 's', code: 'digest_mismatch' };
    expect(status({ trouble }).trouble).toEqual(trouble);
    expect(status({ trouble, paused: true }).trouble).toEqual(trouble);
  });
});
