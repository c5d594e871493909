/** What a device keeps of former histories, in a few words. */
import type { Json } from '../../core/index.ts';
import type { FormerRecord } from '../../sw/engine/ports.ts';
import type { Device } from './device.ts';

type Missing = FormerRecord['missing'][number];

/** `items i1: title Tent, + red in tags, packed 2 more`, in the order of ids. */
export async function missingOn(device: Device): Promise<string[]> {
  const records = (await device.table('_missing').toArray()) as FormerRecord[];
  return records
    .map(
      ({ collection, id, missing }) =>
        `${collection} ${id}: ${missing.map(showMissing).join(', ')}`,
    )
    .toSorted();
}

const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

function showMissing(change: Missing): string {
  switch (change.kind) {
    case 'new':
    case 'delete':
      return change.kind;
    case 'put':
      return `${change.field} ${textOf(change.value)}`;
    case 'add':
      return `+ ${textOf(change.value)} in ${change.field}`;
    case 'remove':
      return `- ${textOf(change.value)} in ${change.field}`;
    case 'increment':
      return `${change.field} ${change.amount} more`;
    case 'append':
      return `${textOf(change.entry)} in ${change.field}`;
  }
}
