/**
 * The one way of all writes to the host: what the schema's validators refuse goes no further. Values
 * are judged at the call; whole records when what was written before is in the tables.
 */
import type { OpRequest } from '../../core/index.ts';
import { checkRecords, needsRecords, type ReadRow } from './check-records.ts';
import { checkValues } from './check-values.ts';
import type { Collections } from './schema.ts';
import type { Plan, Write } from './writer.ts';

export function createCheckedWrite(
  collections: Collections,
  readRow: ReadRow,
  write: Write,
): Write {
  async function checked(ops: readonly OpRequest[]): Promise<readonly OpRequest[]> {
    checkValues(collections, ops);
    if (needsRecords(collections, ops)) await checkRecords(collections, ops, readRow);
    return ops;
  }

  // Async for its refusals alone: up to the write it runs at once, in the order of the calls.
  return async (plan) => {
    const { ops } = plan;
    if (typeof ops === 'function')
      return write({ ...plan, ops: async () => checked(await ops()) } satisfies Plan);
    checkValues(collections, ops);
    return write(needsRecords(collections, ops) ? { ...plan, ops: () => checked(ops) } : plan);
  };
}
