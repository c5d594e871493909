/** `offing epoch new`: the generation that a log gets when it was restored from a backup. */
import { isSpaceId } from '../../core/index.ts';
import { UsageError } from '../config.ts';
import { lockData } from '../store/lock.ts';
import { forgetHighWater } from '../store/high-water.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import { existingData, lineOfEpoch } from './data.ts';
import { newEpoch } from '../new-epoch.ts';
import { readOptions } from './options.ts';

export async function epoch([command, ...args]: readonly string[]): Promise<void> {
  if (command === undefined) throw new UsageError('epoch: new?');
  if (command !== 'new') throw new UsageError(`unknown command "epoch ${command}"`);
  const { values } = readOptions(args, { data: { type: 'string' }, space: { type: 'string' } });
  const { space } = values;
  if (space !== undefined && !isSpaceId(space)) {
    throw new UsageError(`--space: "${space}" is not a UUIDv7`);
  }
  const data = existingData(values.data);
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
    // Of one space alone, another may have been put back all the same.
    if (space === null) forgetHighWater(data);
    if (space !== null && renewed.length === 0) throw new UsageError(`there is no space ${space}`);
    for (const each of renewed) console.log(lineOfEpoch(each));
  } finally {
    store.close();
  }
}

type Renew = ReturnType<typeof openSqliteStore>['log']['renew'];
