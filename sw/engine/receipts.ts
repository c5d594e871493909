/** Where the ops of a write went, in the order in which it asked for them. */
import type { OpRef, Receipt } from '../../core/index.ts';
import type { PlannedRow } from './plan-write.ts';

/** `placeOf`: where in the outbox each row of the plan begins. */
export function receiptsOf(
  plan: readonly PlannedRow[],
  placeOf: ReadonlyMap<PlannedRow, OpRef>,
): readonly Receipt[] {
  const receipts: Receipt[] = [];
  for (const planned of plan) {
    const { row, index: from } = placeOf.get(planned) as OpRef;
    const ops = planned.places.map((place, i) => ({ place, index: from + i }));
    for (const { place, index } of [...ops, ...planned.following]) {
      receipts[place] = { space: planned.row.space, row, index };
    }
  }
  return receipts;
}
