/** What was written on two devices at once, list by list, to decide one by one or all of a list. */
import { useState } from 'preact/hooks';
import { announce } from '../ui/announcer.tsx';
import { useClock } from '../status/use-now.ts';
import { takeFocus } from '../ui/take-focus.ts';
import { whenWords } from '../ui/when.ts';
import { verdictFor } from './choices.ts';
import { decideAll } from './decide.ts';
import { DeletionEntry } from './deletion-entry.tsx';
import { FieldEntry } from './field-entry.tsx';
import type { AskedChoice, ChoicesOfList } from './read-choices.ts';
import { useSomeOf } from './show-more.tsx';

export function ChoicesSection({ groups }: { groups: readonly ChoicesOfList[] }) {
  const { now } = useClock(groups);
  const when = (at: number) => whenWords(at, now);
  return (
    <section class="stack" aria-labelledby="choices-title">
      <div>
        <h3 id="choices-title">Written on two devices at once</h3>
        <p class="entry-note">
          Neither had seen the other’s. Both are kept, here and on your other devices, until you
          decide on one of them.
        </p>
      </div>
      {groups.map((group) => (
        <ListOfChoices key={group.list?.id ?? ''} {...group} when={when} />
      ))}
    </section>
  );
}

/** From so many on, deciding one by one is a chore. */
const MANY = 3;

function ListOfChoices({ list, asked, when }: ChoicesOfList & { when: (at: number) => string }) {
  const { most, more } = useSomeOf(asked.length);
  return (
    <div class="stack">
      <h4>
        {list ? `“${list.title}”` : 'Lists'}
        <span class="count"> {asked.length} to decide</span>
      </h4>
      {asked.length >= MANY && <AllOfList asked={asked} />}
      <ul class="entries">
        {asked
          .slice(0, most)
          .map((each) =>
            each.choice.kind === 'field' ? (
              <FieldEntry
                key={each.choice.key}
                choice={each.choice}
                title={each.title}
                when={when}
              />
            ) : (
              <DeletionEntry key={each.choice.key} {...each} choice={each.choice} when={when} />
            ),
          )}
      </ul>
      {more}
    </div>
  );
}

/** The same for all of them, asked twice: it is more than one can look through. */
function AllOfList({ asked }: { asked: readonly AskedChoice[] }) {
  const [asking, setAsking] = useState<{ mine: boolean } | null>(null);
  const [isAtWork, setAtWork] = useState(false);
  const choices = asked.map(({ choice }) => choice);
  const countOf = (mine: boolean) =>
    choices.filter((choice) => verdictFor(choice, mine) !== null).length;
  const decide = async (mine: boolean) => {
    const count = countOf(mine);
    setAtWork(true);
    if (await decideAll(choices, mine)) announce(`${count} decided`);
    setAtWork(false);
    // Of some neither side may be meant: they stay, to be decided one by one.
    setAsking(null);
  };
  if (asking) {
    const { mine } = asking;
    return (
      <div class="buttons">
        <button
          type="button"
          class="button is-primary"
          ref={takeFocus}
          disabled={isAtWork}
          onClick={() => void decide(mine)}
        >
          Take what {mine ? 'this device' : 'the others'} wrote in {countOf(mine)}
        </button>
        <button type="button" class="button" disabled={isAtWork} onClick={() => setAsking(null)}>
          Cancel
        </button>
      </div>
    );
  }
  return (
    <div class="buttons">
      {[true, false].map(
        (mine) =>
          countOf(mine) > 0 && (
            <button
              key={String(mine)}
              type="button"
              class="button"
              onClick={() => setAsking({ mine })}
            >
              All from {mine ? 'this device' : 'the others'}…
            </button>
          ),
      )}
    </div>
  );
}
