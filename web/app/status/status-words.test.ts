import { describe, expect, it } from 'vitest';
import type { Phase, Status } from '../../lib/index.ts';
import { startFault } from '../start/cannot-start.ts';
import { statusFacts } from './status-facts.ts';
import { duration } from './amounts.ts';
import { comingWords } from './coming-words.ts';
import { statusWords, waitingForYou, type Clock } from './status-words.ts';

const NOW = Date.UTC(2026, 5, 1, 14, 0);
const MINUTE = 60_000;
const clock: Clock = {
  now: NOW,
  timeOfDay: (ms) => new Date(ms).toISOString().slice(11, 16),
  day: (ms) => new Date(ms).toISOString().slice(0, 10),
};

const connected = { id: '0199', name: 'ada' } as unknown as NonNullable<Status['account']>;
const status = (fields: Partial<Status> = {}): Status => ({
  phase: 'idle',
  account: connected,
  pending: 0,
  oldestPendingAt: null,
  lastSyncedAt: NOW - 1000,
  behind: 0,
  filling: null,
  setAside: 0,
  conflicts: 0,
  former: 0,
  delivery: 'background',
  stalled: false,
  waiting: null,
  trouble: null,
  troubled: 0,
  storage: null,
  storageFault: null,
  lost: null,
  away: null,
  ...fields,
});
const pending = (count: number, age = 1000) => ({ pending: count, oldestPendingAt: NOW - age });
const busy = { kind: 'busy', code: 'overloaded' } as const;
const forbidden = { space: '0199-camp', code: 'forbidden' };
const full = { space: '0199-camp', code: 'space_full' };

/** Nothing is left out: a new phase does not compile until its words are decided. */
const table: Record<Phase, [name: string, Partial<Status>, tone: string, text: string][]> = {
  starting: [['', {}, 'busy', 'Opening…']],
  idle: [
    ['', {}, 'calm', 'All changes on the server'],
    ['alone', { account: null, ...pending(3) }, 'calm', 'Saved on this device'],
    ['one pending', pending(1), 'busy', '1 change to send'],
    ['pending', pending(3), 'busy', '3 changes to send'],
    ['behind', { behind: 2 }, 'busy', '2 changes to fetch'],
    ['never heard', { lastSyncedAt: null }, 'busy', 'Not synced yet'],
    [
      'stalled',
      { ...pending(3, 5 * MINUTE), stalled: true },
      'alert',
      '3 changes not sent for 5 minutes',
    ],
    ['refused', { setAside: 1 }, 'alert', '1 change set aside'],
    ['lost by the server', { former: 2 }, 'alert', 'The server has lost something'],
    ['lost, more under way', { former: 2, ...pending(2) }, 'alert', '2 changes to send'],
    ['refused, more under way', { setAside: 1, ...pending(2) }, 'alert', '2 changes to send'],
    ['refused for good', { setAside: 2, trouble: forbidden }, 'alert', '2 changes set aside'],
    ['cut off', { trouble: forbidden }, 'alert', 'Not everything is synced'],
    [
      'held',
      { trouble: full, ...pending(2) },
      'alert',
      'Not everything is synced · 2 changes kept here',
    ],
    [
      'held for long',
      { trouble: full, ...pending(2, 5 * MINUTE), stalled: true },
      'alert',
      'Not everything is synced · 2 changes kept here',
    ],
  ],
  syncing: [
    ['nothing to send', {}, 'calm', 'All changes on the server'],
    ['sending', pending(2), 'busy', 'Sending 2 changes…'],
    [
      'held',
      { trouble: full, ...pending(2) },
      'alert',
      'Not everything is synced · 2 changes kept here',
    ],
    [
      'stalled',
      { ...pending(1, MINUTE), stalled: true },
      'alert',
      '1 change not sent for 1 minute',
    ],
  ],
  bootstrapping: [
    ['', {}, 'busy', 'Fetching your lists…'],
    [
      'stalled',
      { ...pending(1, 2 * MINUTE), stalled: true },
      'alert',
      '1 change not sent for 2 minutes',
    ],
  ],
  offline: [
    ['', {}, 'waiting', 'Server not reached · nothing to send'],
    ['pending', pending(3), 'waiting', 'Server not reached · 3 changes kept here'],
    [
      'stalled',
      { ...pending(3, 9 * MINUTE), stalled: true },
      'waiting',
      'Server not reached · 3 changes kept here',
    ],
  ],
  waiting: [
    [
      'busy',
      { waiting: { until: NOW + 2 * MINUTE, failure: busy } },
      'waiting',
      'Waiting to retry at 14:02: server busy',
    ],
    ['due', { waiting: { until: NOW - 1, failure: busy } }, 'waiting', 'Trying again: server busy'],
    ['unexplained', {}, 'waiting', 'Trying again'],
    [
      'a fault',
      { waiting: { until: NOW - 1, failure: { kind: 'busy', code: 'internal' } } },
      'waiting',
      'Trying again: server has a fault',
    ],
  ],
  'needs-auth': [
    ['', {}, 'alert', 'Sign-in needed'],
    ['pending', pending(1), 'alert', 'Sign-in needed · 1 change kept here'],
  ],
  paused: [
    ['', {}, 'waiting', 'Paused'],
    ['pending', pending(4), 'waiting', 'Paused · 4 changes kept here'],
  ],
  'update-needed': [['pending', pending(4), 'alert', 'Update needed · 4 changes kept here']],
  'storage-failed': [['', {}, 'alert', 'Cannot save on this device']],
};

describe.each(Object.entries(table))('%s', (phase, rows) => {
  it.each(rows)('%s', (_name, fields, tone, text) => {
    const words = statusWords(status({ phase: phase as Phase, ...fields }), clock);
    expect(words).toMatchObject({ tone, text });
    expect(words.meaning).not.toBe('');
  });
});

it('[AP16] only an empty outbox of a connected device, of which nothing was refused, is called on the server', () => {
  for (const [phase, rows] of Object.entries(table)) {
    for (const [, fields] of rows) {
      const now = status({ phase: phase as Phase, ...fields });
      if (!statusWords(now, clock).text.includes('on the server')) continue;
      const whole = {
        pending: 0,
        behind: 0,
        setAside: 0,
        former: 0,
        trouble: null,
        account: connected,
      };
      expect(now).toMatchObject(whole);
    }
  }
});

describe('[AP23] the device’s own storage', () => {
  const storage = { persisted: true, asked: true, usage: 95, quota: 100, nearlyFull: true };

  it.each<[NonNullable<Status['storageFault']>, string]>([
    ['full', 'No space left on this device'],
    ['blocked', 'Open in another tab'],
    ['newer', 'Too old for what is here'],
    ['failed', 'Cannot save on this device'],
  ])('is told to be %s', (storageFault, text) => {
    const words = statusWords(status({ phase: 'storage-failed', storageFault }), clock);
    expect(words).toMatchObject({ tone: 'alert', text });
  });

  it('is nearly full: that is said before there is no room, and not over what is worse', () => {
    expect(statusWords(status({ storage }), clock)).toMatchObject({
      tone: 'waiting',
      text: 'All changes on the server · nearly full',
    });
    expect(statusWords(status({ storage, setAside: 1 }), clock).text).toBe('1 change set aside');
  });

  it('was cleared by the browser: nothing looks well until the person has seen that', () => {
    const textOf = (fields: Partial<Status>) => statusWords(status(fields), clock).text;
    const lost = { at: NOW, pending: 2 };
    const words = statusWords(status({ lost }), clock);
    expect(words).toMatchObject({ tone: 'alert', text: 'Some was lost here' });
    expect(textOf({ lost, account: null })).toBe('Some was lost here');
    expect(textOf({ lost: { ...lost, pending: 0 } })).toBe('Fetched anew');
    expect(textOf({ lost, ...pending(1) })).toBe('1 change to send · some was lost here');
    expect(words.meaning).toContain('2 changes were only here and are lost');
  });

  it('has its lines in the panel, with an account and without', () => {
    for (const account of [connected, null]) {
      const facts = statusFacts(status({ storage, account }), clock).map(({ term }) => term);
      expect(facts.slice(-2)).toEqual(['Kept by the browser', 'Space used']);
    }
  });
});

it('[AP16] of many lists that cannot be synced one is named, and the others are counted', () => {
  const facts = statusFacts(status({ trouble: full, troubled: 3 }), clock, () => 'Camp');
  expect(facts.find(({ term }) => term === '“Camp” is not synced')?.value).toBe(
    'The server has no more room for it; nor are 2 more',
  );
});

describe('[AP19] what waits for a decision', () => {
  it.each<[string, Partial<Status>, string, string]>([
    ['all is sent', {}, 'waiting', 'All changes on the server · 2 to decide'],
    ['more is under way', pending(1), 'waiting', '1 change to send · 2 to decide'],
    [
      'offline',
      { phase: 'offline' },
      'waiting',
      'Server not reached · nothing to send · 2 to decide',
    ],
    ['refused too', { setAside: 1 }, 'alert', '1 change set aside · 2 to decide'],
  ])('is counted when %s', (_title, fields, tone, text) => {
    const words = statusWords(status({ ...fields, conflicts: 2 }), clock);
    expect(words).toMatchObject({
      tone,
      text: text.replace('2 to decide', '2\u00a0to\u00a0decide'),
    });
    expect(words.meaning).toContain('both are kept, for you to decide');
  });

  it('is counted with what was refused, and with what the server has lost', () => {
    expect(waitingForYou(status({ setAside: 1, conflicts: 2, former: 4 }))).toBe(7);
    expect(waitingForYou(status())).toBe(0);
  });
});

it('[AP16] changes that are held are not said to be on their way, and it is said what holds them', () => {
  for (const phase of ['idle', 'syncing', 'bootstrapping'] as const) {
    const held = status({ phase, trouble: full, ...pending(2, 5 * MINUTE), stalled: true });
    expect(statusWords(held, clock).meaning).not.toMatch(/on its way|reason is not known/);
  }
  const called = (name?: string) =>
    statusFacts(status({ trouble: full }), clock, () => name).map(({ term, value }) => [
      term,
      value,
    ]);
  expect(called('Camp')).toContainEqual([
    '“Camp” is not synced',
    'The server has no more room for it',
  ]);
  expect(called()).toContainEqual(['A list is not synced', 'The server has no more room for it']);
});

it('says who can help where waiting alone does not', () => {
  const meaning = (failure: NonNullable<Status['waiting']>['failure']) =>
    statusWords(status({ phase: 'waiting', waiting: { until: NOW, failure } }), clock).meaning;
  expect(meaning({ kind: 'busy', code: 'storage_full' })).toContain('make room');
  expect(meaning({ kind: 'refused', code: 'bad_request' })).toContain('reload may help');
  expect(meaning(busy)).toBe('Everything from here was sent. It is tried again by itself.');
});

it('says why the app did not start, and never that it is being opened', () => {
  const words = statusWords(status({ phase: 'starting' }), clock, { fault: startFault(null) });
  expect(words).toMatchObject({ tone: 'alert', text: 'Not started' });
  expect(words.meaning).toContain('could not be loaded');
});

it('[AP43] calls only a device without a network offline, and otherwise says that the server is not reached', () => {
  const wordsOf = (hasNetwork: boolean) =>
    statusWords(status({ phase: 'offline', ...pending(2) }), clock, { hasNetwork });
  expect(wordsOf(false).text).toBe('Offline · 2 changes kept here');
  expect(wordsOf(false).meaning).toContain('no network');
  expect(wordsOf(true).text).toBe('Server not reached · 2 changes kept here');
  expect(wordsOf(true).meaning).toContain('the server cannot be reached');
  for (const hasNetwork of [true, false])
    expect(wordsOf(hasNetwork).meaning).toContain('It is tried again by itself.');
});

it('[AP61] what is still to be fetched is called under way only where it is, and else what it waits for', () => {
  const phases = Object.keys(table) as Phase[];
  const underWay = phases.filter((phase) => comingWords('lists', phase).startsWith('Fetching'));
  expect(underWay).toEqual(['starting', 'idle', 'syncing', 'bootstrapping']);
  expect(comingWords('lists', 'paused')).toContain('they are fetched when you resume syncing');
  expect(comingWords('list', 'offline')).toContain('it is fetched as soon as the server');
});

it('an offline device says how long the oldest change has been waiting', () => {
  const words = statusWords(
    status({ phase: 'offline', ...pending(3, 9 * MINUTE), stalled: true }),
    clock,
  );
  expect(words.meaning).toContain('the oldest for 9 minutes');
});

describe('statusFacts', () => {
  const terms = (fields: Partial<Status>) =>
    Object.fromEntries(statusFacts(status(fields), clock).map(({ term, value }) => [term, value]));

  it('a device of its own has nothing to tell', () => {
    expect(terms({ account: null, ...pending(2) })).toEqual({
      Account: 'None: these lists are on this device only',
    });
  });

  it('claims nothing of a device whose host has not spoken', () => {
    expect(terms({ phase: 'starting', account: null })).toEqual({});
  });

  it('names counts and ages', () => {
    expect(
      terms({
        ...pending(3, 2 * 60 * MINUTE),
        lastSyncedAt: NOW - 90 * MINUTE,
        behind: 1,
        setAside: 2,
      }),
    ).toEqual({
      Account: 'ada',
      'To send': '3 changes',
      'Oldest of them': '2 hours ago (12:00)',
      'Server last answered': '1 hour ago (12:30)',
      'To fetch': '1 change',
      'Set aside': '2 changes not on the server, kept here',
      'With the app closed': 'Changes are sent too, as soon as there is a connection',
    });
  });

  it('does not promise to send while closed where that cannot be', () => {
    expect(terms({ delivery: 'while-open' })['With the app closed']).toMatch(/open it again/);
    for (const phase of ['paused', 'needs-auth', 'update-needed'] as const) {
      expect(terms({ phase })['With the app closed']).toMatch(/not sent/);
    }
  });
});

it.each([
  [0, 'less than a minute'],
  [59_999, 'less than a minute'],
  [MINUTE, '1 minute'],
  [59 * MINUTE, '59 minutes'],
  [60 * MINUTE, '1 hour'],
  [47 * 60 * MINUTE, '1 day'],
  [-5, 'less than a minute'],
])('%i ms is %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});
