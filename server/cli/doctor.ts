/** `offing doctor`: goes through a database for anything that is not as it was written. */
import { examineSnapshots } from '../snapshots/examine.ts';
import { BrokenLogError } from '../store/faults.ts';
import { openReading } from '../store/sqlite.ts';
import type { Reading } from '../store/sqlite.ts';
import { counted, existingData } from './data.ts';
import { readOptions } from './options.ts';

/** What is wrong has been said. */
export class NotSound extends Error {
  override readonly name = 'NotSound';
}

/** Throws NotSound. Changes nothing, and works beside a running server. */
export async function doctor(args: readonly string[]): Promise<void> {
  const { values } = readOptions(args, { data: { type: 'string' } });
  const data = existingData(values.data);
  const reading = openReading(data, true);
  try {
    const { spaces, ops } = reading.verify();
    const contradictions = reading.contradictions();
    for (const each of contradictions) console.error(each);
    const examined = await examineAll(reading);
    const { snapshots } = examined;
    const faults = contradictions.length + examined.faults;
    if (faults > 0) throw new NotSound(`${counted(faults, 'fault')} in ${data}`);
    const found = [counted(spaces, 'space'), counted(ops, 'op'), counted(snapshots, 'snapshot')];
    console.log(`${data} is sound: ${found.join(', ')}.`);
  } catch (error) {
    if (error instanceof BrokenLogError) throw new NotSound(error.message, { cause: error });
    throw error;
  } finally {
    reading.close();
  }
}

async function examineAll({ source, directory }: Reading) {
  let [snapshots, faults] = [0, 0];
  for (const id of directory.spaces()) {
    const found = await examineSnapshots(source, id);
    snapshots += found.sound.length;
    faults += found.faults.length;
    for (const fault of found.faults) console.error(`space ${id}: ${fault}`);
  }
  return { snapshots, faults };
}
