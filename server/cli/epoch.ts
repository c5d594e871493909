/** `offing epoch new`: the generation that a log gets when it was restored from a backup. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { asEpoch, isSpaceId, toHex } from '../../core/index.ts';
import type { Epoch } from '../../core/index.ts';
import { dataDirectory, UsageError } from '../config.ts';
import { lockData } from '../store/lock.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import { readOptions } from './options.ts';

export async function epoch([command, ...args]: readonly string[]): Promise<void> {
  if (command === undefined) throw new UsageError('epoch: new?');
  if (command !== 'new') throw new UsageError(`unknown command "epoch ${command}"`);
  const { values } = readOptions(args, { data: { type: 'string' }, space: { type: 'string' } });
  const { space } = values;
  if (space !== undefined && !isSpaceId(space)) {
    throw new UsageError(`--space: "${space}" is not a UUIDv7`);
  }
  const data = dataDirectory(values.data, process.env);
  // A mistyped directory must not become an empty database.
  if (!existsSync(join(data, 'offing.db'))) throw new UsageError(`there is no database in ${data}`);
  // A server would go on in the old epoch with what it answers at this moment.
  const unlock = lockData(data);
  try {
    await renew(data, space ?? null);
  } finally {
    unlock();
  }
}

async function renew(data: string, space: Parameters<Renew>[0]): Promise<void> {
  const store = openSqliteStore(data);
  try {
    const renewed = await store.log.renew(space, newEpoch);
    if (space !== null && renewed.length === 0) throw new UsageError(`there is no space ${space}`);
    for (const each of renewed) console.log(`${each.space}  ${each.epoch}  from ${each.from}`);
  } finally {
    store.close();
  }
}

type Renew = ReturnType<typeof openSqliteStore>['log']['renew'];

const newEpoch = (): Epoch => asEpoch(toHex(randomBytes(8)));
