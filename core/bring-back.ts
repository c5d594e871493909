/** Bringing back what a record had in a former history, as a person asks for it. */
import type { Missing } from './former.ts';
import type { MutationJson } from './mutation.ts';
import type { RecordState } from './record.ts';

/**
 * The mutations that bring the changes back: all of the record where it is gone, what is missing of it
 * where it is there. As a `new` either way, which is an ordinary put of a living record: so it is told
 * from any other edit, and does not come too late where the record is deleted meanwhile.
 */
export function bringingBack(
  former: RecordState,
  missing: readonly Missing[],
  view: RecordState | undefined,
): MutationJson[] {
  const { collection, id } = former;
  if (missing.some(({ kind }) => kind === 'delete')) return [{ kind: 'delete', collection, id }];
  const isThere = view !== undefined && !view.grave;
  const changes = isThere ? missing : allOf(former);
  const fields = changes.flatMap((change) =>
    change.kind === 'put' ? [[change.field, change.value] as const] : [],
  );
  const name = { collection, id };
  const others = changes.flatMap((change): MutationJson[] => {
    switch (change.kind) {
      case 'add':
      case 'remove':
        return [{ kind: change.kind, ...name, field: change.field, values: [change.value] }];
      case 'increment':
        return [{ kind: 'increment', ...name, field: change.field, by: change.amount }];
      case 'append':
        return [{ kind: 'append', ...name, field: change.field, entry: change.entry }];
      case 'put':
      case 'new':
      case 'delete':
        return [];
    }
  });
  return [{ kind: 'put', ...name, new: true, fields: Object.fromEntries(fields) }, ...others];
}

/** All that the record shows, as changes. */
function allOf(former: RecordState): Missing[] {
  const found: Missing[] = [];
  for (const [field, register] of former.fields)
    found.push({ kind: 'put', field, value: register.value, by: register });
  for (const [field, tags] of former.sets ?? [])
    for (const tag of tags) found.push({ kind: 'add', field, value: tag.value, by: tag });
  for (const [field, parts] of former.counters ?? [])
    for (const part of parts)
      found.push({ kind: 'increment', field, amount: part.total, beside: [], by: part });
  for (const [field, entries] of former.journals ?? [])
    for (const { entry, ...by } of entries)
      found.push({ kind: 'append', field, entry, nth: 1, by });
  return found;
}
