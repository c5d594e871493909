/** What is wrong about the fences, and about who may. */
import { SERVER_ACTOR } from '../../../core/index.ts';
import { answering, mistaking, rewritten, wrongly } from '../between.ts';
import type { Told } from '../between.ts';
import { aNewActor } from './wrong-server.ts';
import type { WrongServer } from './wrong-server.ts';

export const doors: readonly WrongServer[] = [
  {
    wrong: 'it ignores the digest',
    check: 'another digest is digest_mismatch, at the head and below it',
    make: () => wrongly({ asked: ({ digest: _, ...asked }) => asked }),
  },
  {
    wrong: 'its fences are for pulls alone',
    check: 'another epoch is epoch_changed, with the log’s own',
    make: () =>
      wrongly({
        asked({ epoch, digest, ...asked }) {
          if (asked.ops?.length) return asked;
          return { ...asked, ...(epoch ? { epoch } : {}), ...(digest ? { digest } : {}) };
        },
      }),
  },
  {
    wrong: 'a cursor above the head is one at the head',
    check: 'a cursor above the head is cursor_ahead',
    make: () =>
      wrongly({
        async asked(asked, space, askFor) {
          const { head } = await askFor(space, { actor: aNewActor(), since: 0 });
          return { ...asked, since: Math.min(asked.since, head) };
        },
      }),
  },
  {
    wrong: 'its fences come before a fork',
    check: 'a fork is found before every fence',
    make: () =>
      wrongly({
        async told(told, asked, space, askFor) {
          return asked && told.error ? askFor(space, { ...asked, ops: [] }) : told;
        },
      }),
  },
  {
    wrong: 'anybody may speak for it',
    check: 'nobody else may send in the name of the server',
    make: () =>
      wrongly({
        asked: (asked) => (asked.actor === SERVER_ACTOR ? { ...asked, actor: aNewActor() } : asked),
      }),
  },
  {
    wrong: 'it makes a space anew for who has folded one',
    check: 'create makes nothing for who has a cursor or an epoch',
    make: () =>
      wrongly({
        asked: ({ epoch, ...asked }) =>
          asked.create ? { ...asked, since: 0 } : { ...asked, ...(epoch ? { epoch } : {}) },
      }),
  },
  {
    wrong: 'an error of one space is that of all',
    check: 'spaces of one request are independent of each other',
    make: () => (ask) =>
      answering(async (response, path) => {
        if (path !== '/sync/push' || response.status !== 200) return response;
        const reply = (await response.json()) as { spaces: Record<string, Told> };
        const bad = Object.values(reply.spaces).find(({ error }) => error);
        const names = Object.keys(reply.spaces);
        const spaces = bad ? Object.fromEntries(names.map((name) => [name, bad])) : reply.spaces;
        return rewritten(response, { ...reply, spaces });
      })(ask),
  },
  {
    wrong: 'a read-only token writes',
    check: 'with access read the pull is answered, and every op refused',
    make: ({ readOnly, own }) => mistaking(readOnly, own),
  },
  {
    wrong: 'a token for one space reaches every other',
    check: 'a token for one space is forbidden every other',
    make: ({ oneSpace, own }) => mistaking(oneSpace, own),
  },
  {
    wrong: 'another account reads along',
    check: 'a space of another account is forbidden, and nothing of it is told',
    make: ({ other, own }) => mistaking(other, own),
  },
  {
    wrong: 'a revoked token still counts',
    check: 'a revoked token is token_revoked',
    make: ({ revoked, own }) => mistaking(revoked, own),
  },
];
