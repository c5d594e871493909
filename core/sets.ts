/**
 * Sets, merged so that adding wins over a removal that had not seen it: each adding leaves a tag,
 * and who removes an element takes away the tags they had seen. Never a conflict.
 */
import { byElement } from './contents.ts';
import { canonicalJson, type Json } from './json.ts';
import { listOf, withList, type RecordState, type Tag } from './record.ts';
import { hadSeen } from './seen.ts';
import { stampOf, type Write } from './write.ts';

/** Each value gets a tag of this op's, in place of those of its element that the author had seen. */
export function addTo(
  state: RecordState,
  field: string,
  values: readonly Json[],
  write: Write,
): RecordState {
  if (values.length === 0) return state;
  const elements = byElement(values);
  const mine = [...elements.values()].map((value) => ({ ...stampOf(write), value }));
  const tags = withoutSeen(listOf(state, 'sets', field), elements, write);
  return withList(state, 'sets', field, [...tags, ...mine]);
}

export function removeFrom(
  state: RecordState,
  field: string,
  values: readonly Json[],
  write: Write,
): RecordState {
  const before = listOf(state, 'sets', field);
  const tags = withoutSeen(before, new Set(values.map(canonicalJson)), write);
  return tags.length < before.length ? withList(state, 'sets', field, tags) : state;
}

/** The tags without those of these elements, by their canonical JSON, that the author had seen. */
const withoutSeen = (
  tags: readonly Tag[],
  elements: { has(element: string): boolean },
  write: Write,
): Tag[] => tags.filter((tag) => !elements.has(canonicalJson(tag.value)) || !hadSeen(write, tag));
