/** The stream of hints. */
import { holds, like, same } from '../agree.ts';
import type { Check } from '../check.ts';
import { listen } from '../events.ts';
import type { ServerEvent } from '../events.ts';
import { op } from '../log.ts';
import type { AnsweredOp } from '../log.ts';
import { chainOver } from './digest.ts';

const section = 'Events';

const isPing = ({ name }: ServerEvent): boolean => name === 'ping';

const isPokeOf =
  (space: string, head?: number) =>
  ({ name, data }: ServerEvent): boolean => {
    const poke = data as { space?: string; head?: number } | null;
    return name === 'poke' && poke?.space === space && (head === undefined || poke.head === head);
  };

export const eventChecks: readonly Check[] = [
  {
    section,
    name: 'a ping comes at once, on a stream that is not cached',
    says: ['is a stream of server-sent events', 'ping | {} | at once'],
    rules: ['EV1'],
    async run(probe) {
      const listener = await listen(probe);
      try {
        const { data } = await listener.next(isPing, 'a ping');
        same('its data', data, {});
        same('Cache-Control', listener.headers.get('Cache-Control'), 'no-store');
      } finally {
        await listener.leave();
      }
    },
  },
  {
    section,
    name: 'a poke tells of a log that has grown, with its head',
    says: ['poke | {space, epoch, head} | the log has grown to head'],
    rules: ['EV1'],
    async run(probe) {
      const log = await probe.newLog();
      const listener = await listen(probe, `?spaces=${log.space}`);
      try {
        await listener.next(isPing, 'a ping');
        const { epoch } = await log.push({ ops: [op(1), op(2)] });
        const { data } = await listener.next(isPokeOf(log.space, 2), 'a poke with head 2');
        like('the poke', data, { space: log.space, epoch, head: 2 });
      } finally {
        await listener.leave();
      }
    },
  },
  {
    section,
    name: 'without spaces the stream is about all, those made later too',
    says: ['Without spaces it is about every space that the token reaches'],
    rules: ['EV5'],
    async run(probe) {
      const listener = await listen(probe);
      try {
        await listener.next(isPing, 'a ping');
        const { space } = await probe.newLog();
        await listener.next(isPokeOf(space, 0), 'a poke of a space just made');
      } finally {
        await listener.leave();
      }
    },
  },
  {
    section,
    name: 'with spaces it is about those named, and a name that is no id is bad_request',
    says: ['GET /sync/events?spaces=ID,ID is a stream'],
    rules: ['EV2'],
    async run(probe) {
      const [named, unnamed] = [await probe.newLog(), await probe.newLog()];
      await probe.problem('bad_request', '/sync/events?spaces=x');
      const listener = await listen(probe, `?spaces=${named.space}`);
      try {
        await listener.next(isPing, 'a ping');
        await unnamed.push({ ops: [op(1)] });
        await named.push({ ops: [op(1)] });
        await listener.next(isPokeOf(named.space, 1), 'a poke of the space named');
        const isAmongThem = listener.heard().some(isPokeOf(unnamed.space));
        holds('a space that was not named was poked', !isAmongThem);
      } finally {
        await listener.leave();
      }
    },
  },
  {
    section,
    name: 'nobody hears of a space without a grant',
    says: ['every space that the token reaches'],
    rules: ['EV2', 'AU7'],
    needs: ['other'],
    async run(probe) {
      const { other = '' } = probe.tokens;
      const log = await probe.newLog();
      const query = `?spaces=${log.space}`;
      const stranger = await listen(probe, query, other);
      const own = await listen(probe, query);
      try {
        await stranger.next(isPing, 'a ping');
        await log.push({ ops: [op(1)] });
        await own.next(isPokeOf(log.space, 1), 'a poke');
        const late = await listen(probe, '', other);
        await late.next(isPing, 'a ping');
        await late.leave();
        holds('another account was poked', !stranger.heard().some(isPokeOf(log.space)));
      } finally {
        await stranger.leave();
        await own.leave();
      }
    },
  },
  {
    section,
    name: 'ops in a poke are the last up to its head, whole, with the chain before them',
    says: [
      'ops, where they are there, are the last of the log up to head',
      'before is the chain at the seq before the first of them',
      'Who stands at that seq, in that epoch, with that digest, may fold them',
      'A server sends them so while they are few',
      'digest is the chain at head',
    ],
    rules: ['EV7'],
    async run(probe) {
      const log = await probe.newLog();
      const { digest } = await log.push({ ops: [op(1)] });
      const listener = await listen(probe, `?spaces=${log.space}`);
      try {
        await listener.next(isPing, 'a ping');
        const after = await log.push({ since: 1, ops: [op(2), op(3)] });
        const { data } = await listener.next(isPokeOf(log.space, 3), 'a poke with head 3');
        type Data = { ops?: readonly AnsweredOp[]; before?: string; digest?: string };
        const { ops, before, digest: behind } = data as Data;
        // Few is what a server finds few: one that sends none sends hints, and nothing else.
        if (ops === undefined) return;
        const first = ops[0]?.seq ?? 0;
        const { ops: whole } = await log.other().push();
        same('ops', ops, whole.slice(first - 1) as never);
        const chain = first === 2 ? digest : chainOver(whole.slice(0, first - 1));
        same('before', before, chain);
        same('the chain after them', chainOver(whole), after.digest);
        if (behind !== undefined) same('digest', behind, after.digest);
      } finally {
        await listener.leave();
      }
    },
  },
];
