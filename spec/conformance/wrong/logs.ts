/** What is wrong about the log that it tells of. */
import { answering, rewritten, wrongly } from '../between.ts';
import { aNewActor, isVoid, nameOf } from './wrong-server.ts';
import type { WrongServer } from './wrong-server.ts';

export const logs: readonly WrongServer[] = [
  {
    wrong: 'it does not say what it answers',
    check: 'an answer repeats the name of its request, and has none where that had none',
    make: () =>
      answering(async (response, path) => {
        if (path !== '/sync/push' || response.status !== 200) return response;
        const { request: _, ...rest } = (await response.json()) as { request?: string };
        return rewritten(response, rest);
      }),
  },
  {
    wrong: 'its seqs have holes',
    check: 'ops are answered from since + 1 on, dense, and at least one if there is one',
    make: () =>
      wrongly({
        told: (told) =>
          told.error
            ? told
            : {
                ...told,
                ops: told.ops.map((op) => ({ ...op, seq: op.seq + Math.floor(op.seq / 4) })),
              },
      }),
  },
  {
    wrong: 'it sends own ops whole',
    check: 'an own op that came in this very request is named alone',
    make: () =>
      wrongly({
        told: (told, asked) =>
          told.error
            ? told
            : {
                ...told,
                ops: told.ops.map((op) => ({
                  ...asked?.ops?.find((own) => own.clock === op.clock),
                  ...op,
                })),
              },
      }),
  },
  {
    wrong: 'it sends own ops whole that are at hand',
    check: 'an own op that the request says it has is named alone, and no other',
    make: () => wrongly({ asked: ({ have: _, ...asked }) => asked }),
  },
  {
    wrong: 'it names all own ops alone where some are at hand',
    check: 'an own op that the request says it has is named alone, and no other',
    make: () =>
      wrongly({
        asked: ({ have, ...asked }) => ({ ...asked, ...(have && { have: { from: 1, to: 9 } }) }),
      }),
  },
  {
    wrong: 'it answers ops to who wants none',
    check: 'with acksOnly what is carried is settled, and no op is answered',
    make: () => wrongly({ asked: ({ acksOnly: _, ...asked }) => asked }),
  },
  {
    wrong: 'one that answers the first ops to who asked for all or none',
    check: 'with whole there are ops only where all that are new are within the limit',
    make: () => wrongly({ asked: ({ whole: _, ...asked }) => asked }),
  },
  {
    wrong: 'it names the ops of others alone',
    check: 'every other op comes whole, own ones of before and those of others',
    make: () =>
      wrongly({
        told: (told) =>
          told.error
            ? told
            : {
                ...told,
                ops: told.ops.map(({ seq, actor, clock, at }) => ({ seq, actor, clock, at })),
              },
      }),
  },
  {
    wrong: 'it keeps a time from the future',
    check: 'at is kept, but not from the future',
    make() {
      const times = new Map<string, unknown>();
      return wrongly({
        asked(asked, space) {
          for (const op of asked.ops ?? []) times.set(nameOf(space, asked.actor, op), op['at']);
          return asked;
        },
        told: (told, _, space) =>
          told.error
            ? told
            : {
                ...told,
                ops: told.ops.map((op) => ({ ...op, at: times.get(nameOf(space, op.actor, op)) })),
              },
      });
    },
  },
  {
    wrong: 'it trims payloads',
    check: 'payload and key come back byte for byte',
    make: () =>
      wrongly({
        asked: (asked) => ({
          ...asked,
          ops: (asked.ops ?? []).map((op) =>
            isVoid(op) ? op : { ...op, payload: String(op['payload']).trim() },
          ),
        }),
      }),
  },
  {
    wrong: 'its digest is that of the head, wherever the answer ends',
    check: 'digest is the chain at the last op returned, or at since',
    make: () =>
      wrongly({
        async told(told, _, space, askFor) {
          if (told.error || !told.more) return told;
          const { digest } = await askFor(space, { actor: aNewActor(), since: told.head });
          return { ...told, digest };
        },
      }),
  },
  {
    wrong: 'it answers a push with all that there is, however little is asked for',
    check: 'limit asks for fewer ops of one space, whatever is sent to it',
    make: () => wrongly({ asked: ({ limit: _, ...asked }) => asked }),
  },
  {
    wrong: 'it never says that there is more',
    check: 'more says that the answer was cut',
    make: () => wrongly({ told: (told) => (told.error ? told : { ...told, more: false }) }),
  },
];
