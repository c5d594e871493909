/** `offing conformance`: holds any server against the protocol, over HTTP alone, and reports. */
import { CHECKS, runCheck, UNCHECKED } from '../../conformance/index.ts';
import type { Target, Verdict } from '../../conformance/index.ts';
import { UsageError } from '../config.ts';
import { readOptions } from './options.ts';

/** The server is not as the protocol has it. The report has said where. */
export class NotConforming extends Error {
  override readonly name = 'NotConforming';
}

type Kind = Verdict['kind'];

const WORDS: Readonly<Record<Kind, string>> = {
  held: 'ok      ',
  broken: 'BROKEN  ',
  'not-run': 'not run ',
};

export async function conformance(args: readonly string[]): Promise<void> {
  const text = { type: 'string' } as const;
  const { values, positionals } = readOptions(
    args,
    { token: text, token2: text, 'read-only': text, revoked: text, 'one-space': text },
    ['URL'],
  );
  if (!values.token) throw new UsageError('--token is missing: see offing token create');
  const target = {
    url: addressOf(positionals[0] ?? ''),
    token: values.token,
    tokens: {
      ...(values.token2 ? { other: values.token2 } : {}),
      ...(values['read-only'] ? { readOnly: values['read-only'] } : {}),
      ...(values.revoked ? { revoked: values.revoked } : {}),
      ...(values['one-space'] ? { oneSpace: values['one-space'] } : {}),
    },
  };
  await mustAnswer(target);
  const counts = await report(target);
  if (counts.broken > 0) throw new NotConforming(`the server does not keep the protocol`);
}

/** Without a slash, and without the `/sync` under which the protocol is. */
function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`"${text}" is not the address of a server: http://… or https://…`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/sync$/, '');
}

/** A hundred lines of the same fault would tell less than one. */
async function mustAnswer({ url, token }: Target): Promise<void> {
  const headers = { Authorization: `Bearer ${token}` };
  const reply = await fetch(`${url}/sync/account`, { headers }).catch((error: unknown) => {
    throw new UsageError(`${url} does not answer`, { cause: error });
  });
  if (reply.status === 401) throw new UsageError(`the token does not count at ${url}`);
}

async function report(target: Target): Promise<Record<Kind, number>> {
  const counts = { held: 0, broken: 0, 'not-run': 0 };
  let section = '';
  for (const check of CHECKS) {
    if (check.section !== section) console.log(`\n${check.section}`);
    section = check.section;
    const verdict = await runCheck(check, target);
    counts[verdict.kind] += 1;
    console.log(`  ${WORDS[verdict.kind]} ${check.name}`);
    for (const line of remarksOn(verdict, check.says)) console.log(`           ${line}`);
  }
  reportUnchecked();
  console.log(`\n${counts.held} hold, ${counts.broken} broken, ${counts['not-run']} not run.`);
  return counts;
}

function remarksOn(verdict: Verdict, says: readonly string[]): string[] {
  switch (verdict.kind) {
    case 'held':
      return [];
    case 'broken':
      return [verdict.why, ...says.map((words) => `The protocol: “${words} …”`)];
    case 'not-run':
      return [`needs ${verdict.needs}`];
  }
}

/** What nobody should take for checked. What is said of clients is no business of a server's. */
function reportUnchecked(): void {
  for (const kind of ['owed', 'not seen from outside'] as const) {
    console.log(`\nNot checked: ${kind}`);
    for (const { section, says, why, because } of UNCHECKED) {
      if (why === kind && says) console.log(`  ${section}: “${says} …”: ${because}`);
    }
  }
}
