/** Changes that the server did not take, to mend and send again, to save, or to let go. */
import type { SetAsideOp } from '../../lib/index.ts';
import { db } from '../db.ts';
import { saveFile } from '../transfer/save-file.ts';
import { SetAsideEntry } from './set-aside-entry.tsx';
import { recordOf, type Names } from './set-aside-words.ts';

export interface SetAside {
  readonly ops: readonly SetAsideOp[];
  readonly names: Names;
}

export function SetAsideSection({ ops, names }: SetAside) {
  return (
    <section class="stack" aria-labelledby="aside-title">
      <div>
        <h3 id="aside-title">Set aside</h3>
        <p class="entry-note">
          These changes are not on the server, and not in your lists. They are kept here until you
          decide. Everything else goes its way.
        </p>
      </div>
      <ul class="entries">
        {ops.map((op) => (
          <SetAsideEntry key={`${op.row}:${op.index}`} op={op} names={names} />
        ))}
      </ul>
      <div class="buttons">
        <button type="button" class="button" onClick={() => saveCopy(ops)}>
          Save a copy…
        </button>
      </div>
    </section>
  );
}

/** The changes, and the titles of what they are about. */
export async function readSetAside(): Promise<SetAside> {
  const [ops, lists] = await Promise.all([db.setAside.toArray(), db.lists.toArray()]);
  const ids = [...new Set(ops.flatMap((op) => op.do.map((mutation) => recordOf(mutation).id)))];
  const items = await db.items.where('id').anyOf(ids).toArray();
  const listTitles = new Map(lists.map(({ id, title }) => [id, title]));
  const itemTitles = new Map(items.map(({ id, title }) => [id, title]));
  return {
    ops,
    names: { listTitle: (id) => listTitles.get(id), itemTitle: (id) => itemTitles.get(id) },
  };
}

function saveCopy(ops: readonly SetAsideOp[]): void {
  const changes = ops.map(({ space, code, at, do: parts }) => ({
    list: space,
    why: code,
    written: new Date(at).toISOString(),
    do: parts,
  }));
  saveFile({
    name: 'Changes not taken.json',
    type: 'application/json',
    text: `${JSON.stringify({ changes }, null, 2)}\n`,
  });
}
