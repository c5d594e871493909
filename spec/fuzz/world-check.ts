/** Whether a server that has heard all that is well: it answers, its logs are whole, nothing is held. */
import { createHash } from 'node:crypto';
import {
  EMPTY_DIGEST,
  nextDigest,
  parse,
  PushAnswerSchema,
  type PushAnswer,
  type SequencedOp,
} from '../../core/index.ts';
import { STREAMS_PER_ACCOUNT, type World } from './world.ts';

export async function faultsOfWorld(world: World): Promise<string[]> {
  const { server, tokens } = world;
  const names = Object.keys(tokens) as (keyof typeof tokens)[];
  const living = names.filter((name) => name !== 'revoked' && name !== 'unknown');
  const statuses = await Promise.all(
    living.map(async (name) => (await ask(world, '/sync/account', name)).status),
  );
  const faults = statuses.flatMap((status, i) =>
    status === 200 ? [] : [`${living[i]}: ${status}`],
  );
  if ((await fetch(`${server.url}/readyz`)).status !== 200) faults.push('not ready');
  faults.push(...(await logFaults(world)), ...(await streamFaults(world)));
  return faults;
}

const ask = ({ server, tokens }: World, path: string, token: keyof World['tokens'] = 'full') =>
  fetch(`${server.url}${path}`, { headers: { Authorization: `Bearer ${tokens[token]}` } });

/** Every space of the account, read to its head, is one chain without a hole. */
async function logFaults(world: World): Promise<string[]> {
  const listed = (await (await ask(world, '/sync/spaces')).json()) as {
    spaces: { space: string }[];
  };
  const faults: string[] = [];
  for (const { space } of listed.spaces) {
    let [seq, digest, more] = [0, EMPTY_DIGEST, true];
    while (more) {
      const part = await page(world, space, seq);
      for (const op of part.ops as SequencedOp[]) {
        if (op.seq !== seq + 1) faults.push(`${space}: ${op.seq} after ${seq}`);
        digest = nextDigest(digest, op, sha256);
        seq = op.seq;
      }
      if (part.digest !== digest) faults.push(`${space}: the chain at ${seq}`);
      more = part.more;
    }
  }
  return faults;
}

async function page(world: World, space: string, since: number) {
  const answer = parse(
    PushAnswerSchema,
    await (await ask(world, `/sync/pull?since=${space}:${since}`)).json(),
  );
  const part = answer.ok ? answer.value.spaces[space as keyof PushAnswer['spaces']] : undefined;
  if (!part || 'error' in part) throw new Error(`no page of ${space}: ${JSON.stringify(answer)}`);
  return part;
}

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

/** As many streams as an account may have: one that an earlier request left behind would be missing. */
async function streamFaults(world: World): Promise<string[]> {
  const streams = Array.from({ length: STREAMS_PER_ACCOUNT }, () => ask(world, '/sync/events'));
  const answers = await Promise.all(streams);
  await Promise.all(answers.map(async (answer) => answer.body?.cancel()));
  const refused = answers.filter(({ status }) => status !== 200);
  return refused.length === 0 ? [] : [`${refused.length} streams are held by nobody`];
}
