/** The laws of port.ts, on every store there is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asClock, asSeq, EMPTY_DIGEST, fromHex } from '../../core/index.ts';
import type { Clock } from '../../core/index.ts';
import {
  accountId,
  actor,
  ACTOR,
  ANN,
  EPOCH,
  NOW,
  op,
  seqs,
  SPACE,
  spaceId,
} from '../testing/log-words.ts';
import { unplaced } from '../log/op-hash.ts';
import type { RealOp } from '../log/request.ts';
import type { Ask, Facts, LogRow, Page, PageAsk, Writes } from './port.ts';
import { openSqliteStore } from './sqlite.ts';
import type { Store } from './sqlite.ts';

/** Each opens the store in a directory, as a restarted process would. */
const STORES: readonly [name: string, open: (data: string) => Store][] = [
  ['SQLite', openSqliteStore],
];

const NOTHING: Writes = { make: null, actor: null, append: [], refuse: [], forgetBelow: null };
const ALL: PageAsk = { since: asSeq(0), ops: 1000, bytes: 1e9 };

/** A different chain for each seq, whatever is in it: stores do not compute it. */
const digestAt = (seq: number): string => seq.toString(16).padStart(32, '0');

const row = (seq: number, sent: RealOp): LogRow => ({
  ...unplaced(ACTOR, sent),
  seq: asSeq(seq),
  hash: digestAt(seq + 100),
  digest: fromHex(digestAt(seq)),
});

const ask = (more: Partial<Ask> = {}): Ask => ({
  space: SPACE,
  account: ANN,
  actor: ACTOR,
  since: asSeq(0),
  clocks: [],
  ...more,
});

describe.each(STORES)('%s', (_, open) => {
  let data: string;
  let store: Store;
  const reopen = () => {
    store.close();
    store = open(data);
  };

  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'offing-store-'));
    store = open(data);
    await store.auth.addAccount({ id: ANN, name: 'ann', home: spaceId(9) }, EPOCH, NOW);
  });
  afterEach(() => {
    store.close();
    rmSync(data, { recursive: true });
  });

  const write = (writes: Partial<Writes>, asked: Partial<Ask> = {}) =>
    store.log.exchange(ask(asked), () => ({
      writes: { ...NOTHING, ...writes },
      page: ALL,
      reply: null,
    }));
  const factsOf = async (asked: Partial<Ask> = {}): Promise<Facts> => {
    const decide = (facts: Facts) => ({ writes: null, page: null, reply: facts });
    return (await store.log.exchange(ask(asked), decide)).reply;
  };
  const pageOf = async (page: Partial<PageAsk>): Promise<Page | null> => {
    const decide = () => ({ writes: null, page: { ...ALL, ...page }, reply: null });
    return (await store.log.exchange(ask(), decide)).page;
  };
  const make = () => write({ make: { epoch: EPOCH, at: NOW } });
  const append = (...ops: RealOp[]) =>
    write({
      actor: actor(ops.at(-1)?.clock ?? 0),
      append: ops.map((sent) => row(sent.clock, sent)),
    });

  it('[LG16] a space that nobody made has no facts', async () => {
    expect(await factsOf()).toEqual({
      space: null,
      grant: null,
      actor: null,
      kept: new Map(),
      refused: [],
      digestAtSince: null,
    });
  });

  it('[LG16] makes a space for its owner, empty', async () => {
    await make();
    const { space, grant, digestAtSince } = await factsOf();
    expect(space).toMatchObject({ epoch: EPOCH, from: 0, head: 0, horizon: 0, isDeleted: false });
    expect({ grant, digestAtSince, digest: space?.digest }).toEqual({
      grant: 'own',
      digestAtSince: EMPTY_DIGEST,
      digest: EMPTY_DIGEST,
    });
    expect((await factsOf({ account: accountId(2) })).grant).toBeNull();
  });

  it('[LG19] gives the log back byte for byte, after a restart too', async () => {
    const text = '⛺ "quoted" \\ \u0001 \u2028 é é 0x00 {"do":[]}';
    const ops = [
      op(1, { payload: text }),
      op(2, { payload: '' }),
      op(3, { key: '⚿', at: 2 ** 53 - 1 }),
    ];
    await make();
    const { page } = await append(...ops);
    const stored = ops.map((sent, i) => ({ ...unplaced(ACTOR, sent), seq: i + 1 }));
    expect(page).toEqual({ ops: stored, digest: digestAt(3) });
    reopen();
    expect(await pageOf({})).toEqual(page);
  });

  it('[LG1] the head follows the log, after a restart too', async () => {
    await make();
    await append(op(1), op(2));
    reopen();
    await append(op(3));
    const { space, actor: who } = await factsOf();
    expect(space).toMatchObject({ head: 3, digest: digestAt(3) });
    expect(who).toMatchObject(actor(3));
  });

  it('[LG1] never has two ops in one place, nor two of one clock', async () => {
    await make();
    await append(op(1));
    const again = (sent: LogRow) => write({ actor: actor(2), append: [sent] });
    await expect(again(row(1, op(2)))).rejects.toThrow();
    await expect(again(row(2, op(1)))).rejects.toThrow();
    expect(seqs((await pageOf({}))?.ops ?? [])).toEqual([1]);
  });

  it('[LG12] knows the chain at each seq of the log, and at no other', async () => {
    await make();
    await append(op(1), op(2), op(3));
    for (const seq of [1, 2, 3]) {
      expect((await factsOf({ since: asSeq(seq) })).digestAtSince).toBe(digestAt(seq));
    }
    expect((await factsOf({ since: asSeq(4) })).digestAtSince).toBeNull();
  });

  it('[LG18] cuts a page by count and by bytes, and never to nothing', async () => {
    await make();
    const tens = [1, 2, 3, 4].map((clock) => op(clock, { payload: 'é'.repeat(5) }));
    await append(...tens);
    const cut = async (page: Partial<PageAsk>) => seqs((await pageOf(page))?.ops ?? []);
    expect(await cut({})).toEqual([1, 2, 3, 4]);
    expect(await cut({ ops: 2 })).toEqual([1, 2]);
    expect(await cut({ bytes: 30 })).toEqual([1, 2, 3]);
    expect(await cut({ bytes: 29 })).toEqual([1, 2]);
    expect(await cut({ bytes: 1 })).toEqual([1]);
    expect(await cut({ since: asSeq(3) })).toEqual([4]);
    expect(await pageOf({ since: asSeq(4) })).toEqual({ ops: [], digest: null });
    expect(await pageOf({ since: asSeq(1), ops: 1 })).toMatchObject({ digest: digestAt(2) });
  });

  it('[LG3] keeps what is in the log or refused as it was received, and nothing else', async () => {
    await make();
    const refused = { clock: asClock(2), code: 'too_large', limit: 7, hash: digestAt(77) };
    const asReceived = [op(4), op(5, { key: 'k' })];
    const rows = asReceived.map((sent, i) => ({ ...row(i + 2, sent), hash: null }));
    await write({ actor: actor(6), append: [row(1, op(1)), ...rows], refuse: [refused] });
    const clocks = [1, 2, 3, 4, 5, 6].map(asClock);
    const { kept } = await factsOf({ clocks });
    expect(kept).toEqual(
      new Map<Clock, unknown>([
        [asClock(1), { hash: digestAt(101), isInLog: true }],
        [asClock(2), { hash: digestAt(77), isInLog: false }],
        ...asReceived.map((sent) => [sent.clock, { op: sent, isInLog: true }] as const),
      ]),
    );
  });

  it('[LG6] keeps refusals until they are forgotten', async () => {
    await make();
    const refusal = (clock: number) => ({ clock: asClock(clock), code: 'bad_op' });
    const rows = [1, 2, 3].map((clock) => ({ ...refusal(clock), hash: digestAt(clock) }));
    await write({ actor: actor(3), refuse: rows });
    reopen();
    expect((await factsOf()).refused).toEqual([refusal(1), refusal(2), refusal(3)]);
    await write({ actor: actor(4), forgetBelow: asClock(3) });
    expect((await factsOf()).refused).toEqual([refusal(3)]);
  });

  it('[LG13] keeps a cursor, and the lack of one', async () => {
    await make();
    await write({ actor: actor(1) });
    expect((await factsOf()).actor).toMatchObject({ cursor: null, last: 1 });
    await write({ actor: actor(1, { cursor: 5 }) });
    reopen();
    expect((await factsOf()).actor).toMatchObject({ account: ANN, cursor: 5, last: 1 });
  });

  it('[LG20] writes nothing of an exchange that fails, whenever it does', async () => {
    await make();
    await append(op(1));
    const bad = { ...row(3, op(3)), digest: null } as never;
    const half = [row(2, op(2)), bad];
    await expect(write({ actor: actor(3), append: half })).rejects.toThrow();
    const fault = store.log.exchange(ask(), () => {
      throw new Error('undecided');
    });
    await expect(fault).rejects.toThrow('undecided');
    expect((await factsOf()).space).toMatchObject({ head: 1 });
    expect((await factsOf()).actor).toMatchObject(actor(1));
  });

  it('[LG20] exchanges begun together are one after the other', async () => {
    await make();
    const count = () =>
      store.log.exchange(ask(), (facts) => {
        const next = (facts.space?.head ?? 0) + 1;
        return {
          writes: { ...NOTHING, actor: actor(next), append: [row(next, op(next))] },
          page: null,
          reply: next,
        };
      });
    const replies = await Promise.all(Array.from({ length: 20 }, count));
    expect(replies.map(({ reply }) => reply)).toEqual(Array.from({ length: 20 }, (__, i) => i + 1));
  });

  it('[AU7] names the spaces of an account and the members of a space', async () => {
    await make();
    expect(await store.log.spacesOf(ANN)).toEqual([
      { space: spaceId(9), grant: 'own' },
      { space: SPACE, grant: 'own' },
    ]);
    expect(await store.log.spacesOf(accountId(2))).toEqual([]);
    expect(await store.log.membersOf(SPACE)).toEqual([ANN]);
    expect(await store.log.membersOf(spaceId(2))).toEqual([]);
  });
});
