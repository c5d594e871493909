/** `offing token …`: works on the database directly, beside a running server or without one. */
import { randomBytes } from 'node:crypto';
import { isSpaceId } from '../../core/index.ts';
import type { SpaceId } from '../../core/index.ts';
import { createAccounts } from '../auth/accounts.ts';
import type { Accounts } from '../auth/accounts.ts';
import type { StoredToken } from '../auth/port.ts';
import { createTokens } from '../auth/tokens.ts';
import type { Tokens } from '../auth/tokens.ts';
import { dataDirectory, UsageError } from '../config.ts';
import { openBesideServer } from '../store/beside.ts';
import { openReading } from '../store/sqlite.ts';
import { existingData } from './data.ts';
import { readOptions } from './options.ts';

const DATA = { data: { type: 'string' } } as const;

export async function token([command, ...args]: readonly string[]): Promise<void> {
  switch (command) {
    case 'create':
      return create(args);
    case 'list':
      return list(args);
    case 'revoke':
      return revoke(args);
    case undefined:
      throw new UsageError('token: create, list or revoke?');
    default:
      throw new UsageError(`unknown command "token ${command}"`);
  }
}

async function create(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, {
    ...DATA,
    user: { type: 'string' },
    space: { type: 'string' },
    label: { type: 'string' },
    'read-only': { type: 'boolean' },
  });
  const user = values.user?.trim();
  if (!user) throw new UsageError('--user NAME is missing');
  const onlySpace = spaceIn(values.space);
  await withAuth(dataDirectory(values.data, process.env), async ({ tokens, accounts }) => {
    const account = await accounts.named(user);
    const made = await tokens.mint({
      account: account.id,
      label: values.label ?? '',
      onlySpace,
      readOnly: values['read-only'] ?? false,
    });
    // Alone on standard output: it goes straight into a variable or a file.
    console.log(made);
  });
}

function spaceIn(text: string | undefined): SpaceId | undefined {
  if (text === undefined || isSpaceId(text)) return text;
  throw new UsageError(`--space: "${text}" is not a UUIDv7`);
}

async function list(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, DATA);
  const reading = openReading(existingData(values.data));
  try {
    for (const found of await reading.auth.tokens()) {
      const account = await reading.auth.account(found.account);
      console.log(describe(found, account?.name ?? found.account));
    }
  } finally {
    reading.close();
  }
}

function describe(found: StoredToken, user: string): string {
  const reach = found.onlySpace ?? 'all spaces';
  const mode = found.readOnly ? 'read-only' : 'read-write';
  const used = found.lastUsedAt === null ? 'never used' : `used ${day(found.lastUsedAt)}`;
  const state = found.revokedAt === null ? used : `revoked ${day(found.revokedAt)}`;
  const columns = [found.id, user, mode, reach, `made ${day(found.createdAt)}`, state, found.label];
  return columns.join('  ').trimEnd();
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

async function revoke(args: readonly string[]): Promise<void> {
  const { values, positionals } = readOptions(args, DATA, ['ID']);
  const [id = ''] = positionals;
  await withAuth(existingData(values.data), async ({ tokens }) => {
    if (!(await tokens.revoke(id))) throw new UsageError(`no token ${id}; see offing token list`);
    console.error(`Token ${id} is revoked.`);
  });
}

async function withAuth(
  data: string,
  work: (auth: { tokens: Tokens; accounts: Accounts }) => Promise<void>,
): Promise<void> {
  const store = openBesideServer(data);
  try {
    const deps = { store: store.auth, now: Date.now, random: randomBytes };
    await work({ tokens: createTokens(deps), accounts: createAccounts(deps) });
  } finally {
    store.close();
  }
}
