/** Deciding: each is a write like any other, at once here and on the way to the other devices. */
import { db, type Item } from '../db.ts';
import { attempt } from '../ui/attempt.ts';
import {
  placeless,
  rulingOf,
  verdictFor,
  type Choice,
  type DeletionChoice,
  type Verdict,
} from './choices.ts';

const NOT_DECIDED = 'Not decided';

export const decide = (choice: Choice, verdict: Verdict): Promise<boolean> =>
  attempt(db.conflicts.resolveAll(rulingOf(choice, verdict)), NOT_DECIDED);

/** True for what this device wrote, false for what others did. */
export function decideAll(choices: readonly Choice[], mine: boolean): Promise<boolean> {
  const ruling = choices.flatMap((choice) => {
    const verdict = verdictFor(choice, mine);
    return verdict === null ? [] : rulingOf(choice, verdict);
  });
  return attempt(db.conflicts.resolveAll(ruling), NOT_DECIDED);
}

/** The record lives in another list: what was written to the one here is put there. */
export async function putElsewhere(choice: DeletionChoice, item: Item): Promise<boolean> {
  const write = db.items.update(item, placeless(choice));
  // Kept there before it is closed here: whatever comes between, what was written stays to be found.
  return (await attempt(write, NOT_DECIDED)) && decide(choice, 'now');
}
