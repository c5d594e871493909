/** What a space is begun from: nothing yet, or a snapshot, which is held against the log itself. */
import { createSnapshotReader, snapshotLines, WholeState } from '../../core/index.ts';
import type { SequencedOp, Snapshot } from '../../core/index.ts';
import { holds, like, same } from '../agree.ts';
import { Unreachable } from '../check.ts';
import type { Check } from '../check.ts';
import { op } from '../log.ts';
import type { Log } from '../log.ts';
import type { Probe, Reply } from '../probe.ts';

const section = 'Bootstrap';

/** Enough that a server which makes snapshots makes one, in requests of a size that all take. */
const ENOUGH = { requests: 12, ops: 100 };
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 100;

const item = (id: string) => ({ collection: 'items', id });
const doing = (clock: number, ...mutations: readonly object[]) =>
  op(clock, { payload: JSON.stringify({ do: mutations }) });

/** A log with everything in it that a snapshot has a place for, and a snapshot of it. */
async function livedIn({ newLog, call }: Probe): Promise<{ log: Log; reply: Reply }> {
  const log = await newLog();
  await log.push({
    ops: [
      doing(1, {
        kind: 'put',
        ...item('tent'),
        new: true,
        fields: { title: 'Tent', ['__proto__']: 1 },
      }),
      doing(2, { kind: 'put', ...item('gone'), new: true, fields: { title: 'Rope' } }),
      doing(3, { kind: 'delete', ...item('gone') }),
      doing(4, { kind: 'delete', ...item('never') }),
      op(5, { payload: 'not JSON' }),
      op(6, {
        v: 2,
        payload: JSON.stringify({
          do: [
            { kind: 'add', ...item('tent'), field: 'tags', values: ['red', 'big'] },
            { kind: 'increment', ...item('tent'), field: 'packed', by: 2 },
            { kind: 'append', ...item('tent'), field: 'history', entry: { bought: true } },
          ],
        }),
      }),
    ],
  });
  const other = log.other();
  const conflict = {
    actor: other.actor,
    clock: 1,
    ...item('tent'),
    field: 'title',
    kind: 'edit-edit',
  };
  await other.push({
    ops: [
      doing(1, { kind: 'put', ...item('tent'), fields: { title: 'Tarp' } }),
      doing(2, { kind: 'put', ...item('gone'), fields: { title: 'Cord' } }),
      op(3, {
        v: 2,
        payload: JSON.stringify({ do: [{ kind: 'resolve', take: 'loser', conflict }] }),
      }),
      op(4, {
        v: 2,
        payload: JSON.stringify({
          do: [{ kind: 'add', ...item('gone'), field: 'tags', values: ['blue'] }],
        }),
      }),
    ],
  });
  for (let request = 0; request < ENOUGH.requests; request++) {
    const first = 7 + request * ENOUGH.ops;
    await log.push({ ops: Array.from({ length: ENOUGH.ops }, (_, i) => fillerOf(first + i)) });
  }
  return { log, reply: await snapshotOf(call, log.space) };
}

const fillerOf = (clock: number) =>
  doing(clock, {
    kind: 'put',
    ...item(`n${clock % 50}`),
    new: true,
    fields: { title: `${clock}` },
  });

async function snapshotOf(call: Probe['call'], space: string): Promise<Reply> {
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
    const reply = await call(`/sync/bootstrap/${space}`, { headers: PLAIN });
    if (headerIn(reply).seq > 0) return reply;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Unreachable(
    `a snapshot within ${PATIENCE_MS / 1000} s of ${ENOUGH.requests * ENOUGH.ops} ops`,
  );
}

/** So that tags and ranges are of the text itself. */
const PLAIN = { 'Accept-Encoding': 'identity' };

const headerIn = ({ text }: Reply): { seq: number; epoch: string; bytes: number; digest: string } =>
  JSON.parse(text.split('\n', 1)[0] ?? '') as never;

function readAs(reply: Reply): Snapshot {
  const reader = createSnapshotReader();
  for (const line of reply.text.split('\n').slice(0, -1)) reader.add(line);
  const read = reader.end();
  holds(read.ok ? '' : `the snapshot: ${read.fault}`, read.ok);
  return read.snapshot;
}

/** The lines of a state behind its header, in an order of their own. */
const linesOf = (header: Snapshot['header'], state: Omit<Snapshot, 'header'>): string[] =>
  [...snapshotLines({ ...state, header })].slice(1).sort();

async function replayed(log: Log, seq: number): Promise<WholeState> {
  const state = new WholeState();
  while (state.seq < seq) {
    const { ops } = await log.pull({ since: state.seq });
    holds('the log ends before the snapshot', ops.length > 0);
    state.fold(ops.slice(0, seq - state.seq) as unknown as SequencedOp[]);
  }
  return state;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const rest = (text: string, from: number): string =>
  new TextDecoder().decode(bytesOf(text).subarray(from));

export const bootstrapChecks: readonly Check[] = [
  {
    section: 'Bootstrap',
    name: 'a bootstrap is NDJSON with an ETag of epoch and seq',
    says: ['is what a device begins a space from, as NDJSON', 'The first line is the header'],
    rules: ['WI13'],
    async run({ newLog, call }) {
      const log = await newLog();
      const { epoch, head } = await log.push({ ops: [op(1)] });
      const { status, headers, text } = await call(`/sync/bootstrap/${log.space}`);
      same('the status', status, 200);
      const type = headers.get('Content-Type') ?? '';
      holds(`the type is ${type}`, type.startsWith('application/x-ndjson'));
      const [line = ''] = text.split('\n');
      const header = JSON.parse(line) as Record<string, number | string>;
      like('the header', header, { space: log.space, epoch });
      same('ETag', headers.get('ETag'), `"${epoch}-${header['seq']}"`);
      for (const name of ['seq', 'horizon', 'records', 'actors', 'bytes']) {
        holds(`"${name}" is no count`, Number.isSafeInteger(header[name]));
      }
      holds('seq is above the head', Number(header['seq']) <= head);
    },
  },
  {
    section: 'Bootstrap',
    name: 'without a snapshot the header is all, at seq 0',
    says: ['Without a snapshot that is all, at seq 0'],
    rules: ['WI13'],
    async run({ newLog, call }) {
      const log = await newLog();
      await log.push({ ops: [op(1)] });
      const { text } = await call(`/sync/bootstrap/${log.space}`);
      const [line = '', ...rest] = text.trimEnd().split('\n');
      same('further lines', rest, []);
      like('the header', JSON.parse(line), { seq: 0, digest: '00'.repeat(16), horizon: 0 });
    },
  },
  {
    section: 'Bootstrap',
    name: 'a bootstrap is turned away as a push would be',
    says: ['GET /sync/bootstrap/:space'],
    rules: ['WI13'],
    async run({ problem, unmade }) {
      await problem('no_such_space', `/sync/bootstrap/${unmade().space}`);
      await problem('bad_request', '/sync/bootstrap/nowhere');
    },
  },
  {
    section,
    name: 'a snapshot is what the log folds to at its seq, line by line',
    says: [
      'With one there follow as many lines',
      'Where state of a later grammar',
      'With grammar 2 also, each absent',
      'It has changes where it wrote',
      'closed is the op that closed',
      'Each of these stands on one line',
      'An op is [seq, at, actor, clock]',
      'Names are data, so fields and values',
      'actor: one for each actor',
      'record: one for each record',
      'conflict: case is edit-edit',
      "A side's values are null",
      'malformed: an op whose payload',
    ],
    rules: ['SN1', 'WI13'],
    async run(probe) {
      const { log, reply } = await livedIn(probe);
      const { header, ...state } = readAs(reply);
      const behindHeader = reply.text.slice(reply.text.indexOf('\n') + 1);
      same('bytes', header.bytes, bytesOf(behindHeader).length);
      same('the version of its state', header.v, 2);
      const whole = await replayed(log, header.seq);
      const [found, expected] = [linesOf(header, state), linesOf(header, whole)];
      same(
        'lines that the log does not fold to',
        found.filter((line) => !expected.includes(line)),
        [],
      );
      same(
        'lines that are missing',
        expected.filter((line) => !found.includes(line)),
        [],
      );
      const { digest } = await log.pull({ since: header.seq });
      if ((await log.pull()).head === header.seq) same('the digest', header.digest, digest);
      const { ops } = await log.pull({
        since: header.seq,
        epoch: header.epoch,
        digest: header.digest,
      });
      holds(
        'the log does not go on where it ends',
        (ops[0]?.seq ?? header.seq + 1) === header.seq + 1,
      );
    },
  },
  {
    section,
    name: 'a snapshot is gone on with from any byte, as long as it is there',
    says: [
      'The text of one epoch and seq never changes',
      'Who was cut off asks for the rest',
      'If that snapshot is not there any more',
      'This answer may be cached for ever',
    ],
    rules: ['SN6', 'SN7'],
    async run(probe) {
      const { log, reply } = await livedIn(probe);
      const { epoch, seq } = headerIn(reply);
      const path = `/sync/bootstrap/${log.space}`;
      const named = (from: number) => `${path}?epoch=${epoch}&seq=${seq}&offset=${from}`;
      const size = bytesOf(reply.text).length;
      for (const from of [0, 1, Math.floor(size / 2), size - 1, size]) {
        const { text, headers } = await probe.call(named(from));
        holds(`from byte ${from} it is another text`, text === rest(reply.text, from));
        const caching = headers.get('Cache-Control') ?? '';
        holds(`it may not be cached for ever: ${caching}`, caching.includes('immutable'));
      }
      same('Cache-Control', reply.headers.get('Cache-Control'), 'private, no-cache');
      await probe.problem('no_such_snapshot', `${path}?epoch=${epoch}0&seq=${seq}&offset=0`);
      await probe.problem('no_such_snapshot', `${path}?epoch=${epoch}&seq=3&offset=0`);
      await probe.problem('bad_request', `${path}?epoch=${epoch}&seq=${seq}&offset=x`);
      await probe.problem('bad_request', `${path}?seq=${seq}`);
    },
  },
  {
    section,
    name: 'a snapshot is answered by its tag, and in ranges',
    says: ['If-None-Match, and Range with If-Range'],
    rules: ['SN7'],
    async run({ call, ...probe }) {
      const { log, reply } = await livedIn({ call, ...probe });
      const path = `/sync/bootstrap/${log.space}`;
      const tag = reply.headers.get('ETag') ?? '';
      const ask = (headers: Record<string, string>) =>
        call(path, { headers: { ...PLAIN, ...headers } });
      same('what has its tag', (await ask({ 'If-None-Match': tag })).status, 304);
      const part = await ask({ Range: 'bytes=10-59', 'If-Range': tag });
      same('a range', [part.status, part.text], [206, reply.text.slice(10, 60)]);
      const size = bytesOf(reply.text).length;
      same('Content-Range', part.headers.get('Content-Range'), `bytes 10-59/${size}`);
      const other = await ask({ Range: 'bytes=10-59', 'If-Range': '"another"' });
      same(
        'a range of something else',
        [other.status, other.text.length],
        [200, reply.text.length],
      );
      const { headers } = await call(path, { headers: { 'Accept-Encoding': 'gzip' } });
      if (headers.get('Content-Encoding') === 'gzip') {
        same('the tag of a compressed text', headers.get('ETag'), tag.replace(/"$/, '-gzip"'));
      }
    },
  },
];
