/** One deleted what another wrote to: it comes back with that, or stays deleted. */
import { announce } from '../ui/announcer.tsx';
import { deletionStory, deletionTitle } from './choice-words.ts';
import { placeless, type DeletionChoice, type Verdict } from './choices.ts';
import { decide, putElsewhere } from './decide.ts';
import type { AskedChoice } from './read-choices.ts';

interface DeletionEntryProps extends AskedChoice {
  readonly choice: DeletionChoice;
  readonly when: (at: number) => string;
}

interface Way {
  readonly label: string;
  readonly take: () => Promise<boolean>;
}

export function DeletionEntry(props: DeletionEntryProps) {
  const { choice, title, when, isThere, elsewhere } = props;
  const movedTo = elsewhere?.list.title ?? null;
  const heading = deletionTitle(choice, title, movedTo);
  const take = async ({ label, take: write }: Way) => {
    if (await write()) announce(`${label}: ${title}`);
  };
  return (
    <li
      class="entry"
      data-testid="conflict"
      data-about={choice.id}
      tabIndex={-1}
      aria-label={heading}
    >
      <strong>{heading}</strong>
      <p class="entry-note">
        {deletionStory(choice, when, movedTo)}
        {isThere && ' It is back already, without that.'}
      </p>
      <div class="buttons">
        {waysOf(props).map((way) => (
          <button key={way.label} type="button" class="button" onClick={() => void take(way)}>
            {way.label}
          </button>
        ))}
      </div>
    </li>
  );
}

function waysOf({ choice, isThere, elsewhere }: DeletionEntryProps): Way[] {
  const way = (label: string, verdict: Verdict): Way => ({
    label,
    take: () => decide(choice, verdict),
  });
  if (isThere) return [way('Take what was written', 'brought-back'), way('Leave as it is', 'now')];
  const ways = [way('Bring it back', 'brought-back'), way('Leave it deleted', 'now')];
  if (!elsewhere) return ways;
  const { item, list } = elsewhere;
  const put = { label: `Write it in “${list.title}”`, take: () => putElsewhere(choice, item) };
  return [
    ...(Object.keys(placeless(choice)).length > 0 ? [put] : []),
    way('Leave as it is', 'now'),
    way('Bring it back here too', 'brought-back'),
  ];
}
