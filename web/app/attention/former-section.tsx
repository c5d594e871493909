/** What the server had and has lost, since it was put back to an earlier day: to bring back, or let go. */
import { useState } from 'preact/hooks';
import type { FormerRecord } from '../../lib/index.ts';
import { db } from '../db.ts';
import { announce } from '../ui/announcer.tsx';
import { attempt } from '../ui/attempt.ts';
import { takeFocus } from '../ui/take-focus.ts';
import { bringBackLabel, formerStory, formerTitle } from './former-words.ts';
import { useSomeOf } from './show-more.tsx';

export interface NamedFormer {
  readonly record: FormerRecord;
  readonly title: string;
  /** The list that an item stood on. */
  readonly where: string | null;
  /** That list's own record, where it is lost too: the item alone would be nowhere to be seen. */
  readonly list: FormerRecord | null;
}

/** Lists before what was on them. */
export async function readFormer(): Promise<readonly NamedFormer[]> {
  const records = await db.former.toArray();
  if (records.length === 0) return [];
  const ids = [...new Set(records.map(({ id }) => id))];
  const [lists, items] = await Promise.all([
    db.lists.toArray(),
    db.items.where('id').anyOf(ids).toArray(),
  ]);
  const lostLists = new Map(
    records.flatMap((record) => (isLostList(record) ? [[record.id, record] as const] : [])),
  );
  const titles = new Map<string, string>();
  for (const [id, { fields }] of lostLists)
    if (typeof fields?.['title'] === 'string') titles.set(id, fields['title']);
  for (const { id, title } of [...lists, ...items]) titles.set(id, title);
  const named = records.map((record): NamedFormer => {
    const isItem = record.collection === 'items';
    return {
      record,
      title: formerTitle(record, titles.get(record.id)),
      where: isItem ? (titles.get(record.space) ?? null) : null,
      list: isItem ? (lostLists.get(record.space) ?? null) : null,
    };
  });
  return named.toSorted((a, b) => Number(a.where !== null) - Number(b.where !== null));
}

const isLostList = ({ collection, isThere, fields }: FormerRecord): boolean =>
  collection === 'lists' && !isThere && fields !== null;

export function FormerSection({ former }: { former: readonly NamedFormer[] }) {
  const { most, more } = useSomeOf(former.length);
  return (
    <section class="stack" aria-labelledby="former-title">
      <div>
        <h3 id="former-title">Lost by the server</h3>
        <p class="entry-note">
          The server was put back to an earlier day. This was on it before, is not there now, and
          nobody who wrote it has brought it back yet. It is kept on this device.
        </p>
      </div>
      {former.length > 1 && <Decision records={former.map(({ record }) => record)} />}
      <ul class="entries">
        {former.slice(0, most).map(({ record, title, where, list }) => (
          <li
            key={`${record.space} ${record.history} ${record.collection} ${record.id}`}
            class="entry"
            data-testid="former"
            tabIndex={-1}
            aria-label={title}
          >
            <strong>{title}</strong>
            <p class="entry-note">
              {where !== null && `On “${where}”. `}
              {formerStory(record)}
            </p>
            <Decision records={[record]} list={list} />
          </li>
        ))}
      </ul>
      {more}
    </section>
  );
}

interface DecisionProps {
  readonly records: readonly FormerRecord[];
  /** What comes back with them. */
  readonly list?: FormerRecord | null;
}

/** For one, or for all of them. Letting go is for good, and asked twice. */
function Decision({ records, list = null }: DecisionProps) {
  const [isLettingGo, setLettingGo] = useState(false);
  const [first] = records;
  const isAll = records.length > 1;
  const bringBack = async () => {
    const all = list ? [list, ...records] : records;
    if (await attempt(db.former.bringBack(all), 'Not brought back')) announce('Brought back');
  };
  const letGo = async () => {
    if (await attempt(db.former.discard(records), 'Not let go')) announce('Let go');
  };
  return (
    <div class="buttons">
      {isLettingGo ? (
        <>
          <button
            type="button"
            class="button is-dangerous"
            ref={takeFocus}
            onClick={() => void letGo()}
          >
            Let {isAll ? `all ${records.length}` : 'it'} go for good
          </button>
          <button type="button" class="button" onClick={() => setLettingGo(false)}>
            Keep {isAll ? 'them' : 'it'}
          </button>
        </>
      ) : (
        <>
          <button
            type="button"
            class={isAll ? 'button is-primary' : 'button'}
            onClick={() => void bringBack()}
          >
            {isAll ? `Bring back all ${records.length}` : first && bringBackLabel(first)}
          </button>
          <button type="button" class="button" onClick={() => setLettingGo(true)}>
            Let {isAll ? 'all' : 'it'} go…
          </button>
        </>
      )}
    </div>
  );
}
