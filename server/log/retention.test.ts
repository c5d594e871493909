import { describe, expect, it } from 'vitest';
import { asClock, asSeq } from '../../core/index.ts';
import type { Follower, RetentionFacts } from '../store/retention-port.ts';
import { actorId, space } from '../testing/log-words.ts';
import { DAY_MS, DEFAULT_RETENTION, retentionOf } from './retention.ts';
import type { RetentionRules } from './retention.ts';

const NOW = 1000 * DAY_MS;
const rules: RetentionRules = { ...DEFAULT_RETENTION, buffer: 10 };

const mark = (seq: number, days: number) => ({ seq: asSeq(seq), served: NOW - days * DAY_MS });
const follower = (n: number, cursor: number, days = 0): Follower => ({
  actor: actorId(n),
  cursor: asSeq(cursor),
  seen: NOW - days * DAY_MS,
});
const facts = (more: Partial<RetentionFacts> = {}): RetentionFacts => ({
  space: space({ head: 2000 }),
  dropped: asSeq(0),
  served: NOW,
  marks: [mark(500, 100), mark(900, 90), mark(1500, 10)],
  followers: [follower(1, 2000)],
  snapshots: [asSeq(1900), asSeq(1800)],
  firstWritten: asSeq(1),
  serverClock: asClock(0),
  ...more,
});
const decide = (more: Partial<RetentionFacts> = {}, other: Partial<RetentionRules> = {}) =>
  retentionOf(facts(more), { ...rules, ...other });

describe('how far a log is dropped', () => {
  it('[RT28] is to what is old enough, in served time', () => {
    expect(decide()).toMatchObject({ kind: 'drop', through: 900, floor: { by: 'age' } });
    expect(decide({ marks: [mark(500, 89)] })).toEqual({
      kind: 'wait',
      floor: { by: 'age', seq: 0, next: mark(500, 89) },
    });
    expect(decide({ marks: [] })).toMatchObject({ kind: 'wait', floor: { by: 'age', next: null } });
  });

  it('[RT28] is to below the cursor of whoever is furthest behind, by the buffer', () => {
    const followers = [follower(1, 2000), follower(2, 700, 89), follower(3, 800)];
    expect(decide({ followers })).toMatchObject({
      kind: 'drop',
      through: 690,
      floor: { by: 'follower', follower: { actor: actorId(2) } },
    });
    expect(decide({ followers: [follower(2, 10)] })).toMatchObject({
      kind: 'wait',
      floor: { by: 'follower', seq: 0 },
    });
  });

  it('[RT5] does not wait for who was not there for as long as the lease', () => {
    const followers = [follower(1, 2000), follower(2, 5, 90)];
    expect(decide({ followers })).toMatchObject({ kind: 'drop', through: 900 });
    expect(decide({ followers: [] })).toMatchObject({ kind: 'drop', through: 900 });
  });

  it('[RT28] is to below the snapshot before the newest, from which that could be made again', () => {
    const held = { kind: 'drop', through: 590, floor: { by: 'snapshot' } };
    expect(decide({ snapshots: [asSeq(1900), asSeq(600)] })).toMatchObject(held);
    const waits = { kind: 'wait', floor: { by: 'snapshot', seq: 0 } };
    expect(decide({ snapshots: [asSeq(1900)] })).toMatchObject(waits);
    expect(decide({ snapshots: [] })).toMatchObject(waits);
  });

  it('[RT29] is no more at once than a device is to fold in one step', () => {
    expect(decide({}, { most: 300 })).toMatchObject({ kind: 'drop', through: 300 });
    expect(decide({ dropped: asSeq(300) }, { most: 300 })).toMatchObject({ through: 600 });
    expect(decide({ dropped: asSeq(800) }, { most: 300 })).toMatchObject({ through: 900 });
  });

  it('[RT29] is nothing where nothing but drops would go', () => {
    expect(decide({ dropped: asSeq(899), firstWritten: asSeq(901) })).toMatchObject({
      kind: 'wait',
    });
    expect(decide({ dropped: asSeq(899), firstWritten: null })).toMatchObject({ kind: 'wait' });
    expect(decide({ dropped: asSeq(900), firstWritten: asSeq(901) })).toMatchObject({
      kind: 'wait',
    });
    expect(decide({ dropped: asSeq(899), firstWritten: asSeq(900) })).toMatchObject({
      kind: 'drop',
    });
  });

  it('[RT28] is nothing where nothing is ever to go', () => {
    expect(decide({}, { keepMs: null })).toEqual({ kind: 'wait', floor: { by: 'rules' } });
  });
});
