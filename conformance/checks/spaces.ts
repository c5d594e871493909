/** The account, its spaces, and the address that only a service worker answers. */
import { holds, like, same } from '../agree.ts';
import type { Check } from '../check.ts';
import type { Probe } from '../probe.ts';
import { uuid } from '../uuid.ts';

const section = 'Spaces and account';

type Listed = readonly { readonly space: string; readonly access: string }[];

async function spacesOf({ call }: Probe, token?: string): Promise<Listed> {
  const { status, json } = await call('/sync/spaces', token ? { token } : {});
  same('the status of GET /sync/spaces', status, 200);
  return (json as { spaces: Listed }).spaces;
}

export const spaceChecks: readonly Check[] = [
  {
    section,
    name: 'GET /sync/account names the account, its home and its name',
    says: ['GET /sync/account → {account, home, name}', 'A token speaks for one account'],
    rules: ['AU6'],
    async run(probe) {
      const { json } = await probe.call('/sync/account');
      const { account, home, name } = json as Record<string, unknown>;
      holds(
        'the members are texts',
        [account, home, name].every((m) => typeof m === 'string'),
      );
      const isThere = (await spacesOf(probe)).some(({ space }) => space === home);
      holds('the home is one of the spaces', isThere);
    },
  },
  {
    section,
    name: 'two accounts have no home in common',
    says: ['A token speaks for one account'],
    rules: ['AU6', 'AU7'],
    needs: ['other'],
    async run(probe) {
      const { json } = await probe.call('/sync/account');
      const { home } = json as { home: string };
      const theirs = (await spacesOf(probe, probe.tokens.other)).map(({ space }) => space);
      holds('the other account reaches this home', !theirs.includes(home));
    },
  },
  {
    section,
    name: 'GET /sync/spaces lists what the token reaches, with its access',
    says: ['GET /sync/spaces → {"spaces": [{space, access}]}'],
    rules: ['AU7'],
    async run(probe) {
      const { space } = await probe.newLog();
      const found = (await spacesOf(probe)).find((listed) => listed.space === space);
      like('the space just made', found, { space, access: 'own' });
    },
  },
  {
    section,
    name: 'POST /sync/spaces makes a space: 201, and then 200',
    says: ['POST /sync/spaces {"space": "0199…"} → {space, epoch}', '201, and 200 if it is there'],
    rules: ['WI14'],
    async run({ call }) {
      const body = { space: uuid() };
      const [first, second] = [
        await call('/sync/spaces', { body }),
        await call('/sync/spaces', { body }),
      ];
      same('the statuses', [first.status, second.status], [201, 200]);
      like('the answer', first.json, body);
      const { epoch = '' } = first.json as { epoch?: string };
      holds('the answer has an epoch', typeof epoch === 'string' && epoch !== '');
      like('the second answer', second.json, { ...body, epoch });
    },
  },
  {
    section,
    name: 'POST /sync/local is no_worker where no worker caught it',
    says: ['POST /sync/local is the address', 'Where none caught it, the server answers no_worker'],
    rules: ['WI12'],
    async run({ problem }) {
      await problem('no_worker', '/sync/local', { body: {}, token: null });
    },
  },
  {
    section: 'Requests and errors',
    name: 'no_worker is 409',
    says: ['409 | no_worker'],
    rules: ['WI12', 'WI21'],
    async run({ problem }) {
      like('the problem', await problem('no_worker', '/sync/local', { body: {} }), { status: 409 });
    },
  },
  {
    section,
    name: 'a token for one space lists that one alone',
    says: ['It may be restricted to one space'],
    rules: ['AU3'],
    needs: ['oneSpace'],
    async run(probe) {
      const { oneSpace } = probe.tokens;
      same('its spaces', (await spacesOf(probe, oneSpace)).length, 1);
      const asked = { body: { space: uuid() }, ...(oneSpace ? { token: oneSpace } : {}) };
      await probe.problem('forbidden', '/sync/spaces', asked);
    },
  },
  {
    section,
    name: 'a read-only token has read wherever its account has more',
    says: ['it may be read-only: then it has read wherever its account has more'],
    rules: ['AU4'],
    needs: ['readOnly'],
    async run(probe) {
      await probe.newLog();
      const access = (await spacesOf(probe, probe.tokens.readOnly)).map((each) => each.access);
      holds('the token reaches no space', access.length > 0);
      same(
        'any other access',
        access.filter((each) => each !== 'read'),
        [],
      );
    },
  },
];
