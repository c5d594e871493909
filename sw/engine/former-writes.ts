/** What a person asks for of what was confirmed in a former history: to bring it back, or to let it go. */
import {
  bringingBack,
  DEFAULT_LIMITS,
  encodePayload,
  isTooLarge,
  recordKeyOf,
  type FormerRef,
  type MutationJson,
} from '../../core/index.ts';
import { configured } from './app-config.ts';
import type { Draft } from './draft.ts';
import { viewOf } from './former.ts';
import { HostError } from './host-error.ts';
import type { Ports, ReplicaTx } from './ports.ts';

/** The ops that bring these records back, as far as they are missing still. */
export async function opsBringingBack(
  { tx, draft }: { readonly tx: ReplicaTx; readonly draft: Draft },
  refs: readonly FormerRef[],
): Promise<{ readonly space: FormerRef['space']; readonly do: MutationJson[] }[]> {
  if (refs.length === 0) return [];
  const records = await tx.former(refs);
  if (records.length === 0)
    throw new HostError('not_former', 'This came back by itself, or was decided on already.');
  const ops: { space: FormerRef['space']; do: MutationJson[] }[] = [];
  // What a later history had of a field stands above what an earlier one had.
  for (const record of records.toSorted((a, b) => a.history - b.history)) {
    await draft.loadRecords(record.space, [record]);
    const view = viewOf(draft.record(record.space, recordKeyOf(record)));
    const mutations = bringingBack(record.confirmed, record.missing, view);
    for (const part of inParts(mutations)) ops.push({ space: record.space, do: part });
  }
  return ops;
}

/** As one op, or as many where one would be too large: it was written by many. */
function inParts(mutations: MutationJson[]): MutationJson[][] {
  if (!isTooLarge(encodePayload(mutations), DEFAULT_LIMITS)) return [mutations];
  return mutations.flatMap((mutation): MutationJson[][] => {
    if (mutation.kind !== 'put') return [[mutation]];
    const fields = Object.entries(mutation.fields);
    // Without one it makes the record all the same.
    if (fields.length === 0) return [[mutation]];
    return fields.map((field) => [{ ...mutation, fields: Object.fromEntries([field]) }]);
  });
}

/** Those that are gone already are no fault. */
export async function letGo(ports: Ports, refs: readonly FormerRef[]): Promise<void> {
  await configured(ports);
  await ports.store.write((tx) => tx.removeFormer(refs));
}
