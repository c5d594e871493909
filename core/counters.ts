/** Counters: what each actor has added, one part each, and never a conflict. */
import { finite } from './contents.ts';
import { listOf, withList, type Part, type RecordState } from './record.ts';
import { stampOf, type Write } from './write.ts';

export function increment(
  state: RecordState,
  field: string,
  by: number,
  write: Write,
): RecordState {
  const parts = listOf(state, 'counters', field);
  const place = parts.findIndex(({ actor }) => actor === write.actor);
  const total = finite((parts[place]?.total ?? 0) + by);
  const mine: Part = { ...stampOf(write), total };
  // In its place: the order in which parts are summed is the log's, on every replica.
  const after = place < 0 ? [...parts, mine] : parts.map((part, i) => (i === place ? mine : part));
  return withList(state, 'counters', field, after);
}
