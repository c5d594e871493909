/** One mutation on one record: the merge rules. `fold` is the only caller but `rebase`. */
import { edit, putNew } from './edits.ts';
import { bury, unbury } from './graves.ts';
import type { Mutation } from './mutation.ts';
import type { RecordState } from './record.ts';
import { resolve, type ConflictOf } from './resolve.ts';
import type { Applied, Write } from './write.ts';

export function applyMutation(
  before: RecordState | undefined,
  mutation: Mutation,
  write: Write,
  conflictOf: ConflictOf,
): Applied {
  switch (mutation.kind) {
    case 'put':
      return mutation.isNew ? putNew(before, mutation, write) : edit(before, mutation, write);
    case 'add':
    case 'remove':
    case 'increment':
    case 'append':
      return edit(before, mutation, write);
    case 'delete':
      return bury(before, mutation, write);
    case 'restore':
      return { state: before && unbury(before), found: [] };
    case 'resolve':
      return resolve(before, mutation, write, conflictOf);
  }
}
