/** What needs the person: changes that were not taken, to mend and send again, to save, or to let go. */
import type { SetAsideOp } from '../../lib/index.ts';
import { db } from '../db.ts';
import { closeSheet } from '../sheets.ts';
import { saveFile } from '../transfer/save-file.ts';
import { Sheet } from '../ui/dialog.tsx';
import { useLive } from '../ui/use-live.ts';
import { SetAsideEntry } from './set-aside-entry.tsx';
import { recordOf, type Names } from './set-aside-words.ts';

export function AttentionSheet() {
  const found = useLive(readAll, []);
  return (
    <Sheet title="Not taken by the server" onClose={closeSheet}>
      {found === undefined ? (
        <p>Reading…</p>
      ) : found.ops.length === 0 ? (
        <p data-testid="nothing-aside">Nothing is left here. Everything else goes its way.</p>
      ) : (
        <SetAsideList ops={found.ops} names={found.names} />
      )}
    </Sheet>
  );
}

function SetAsideList({ ops, names }: { ops: readonly SetAsideOp[]; names: Names }) {
  return (
    <>
      <p>
        These changes are not on the server, and not in your lists. They are kept here until you
        decide. Everything else goes its way.
      </p>
      <ul class="aside-list">
        {ops.map((op) => (
          <SetAsideEntry key={`${op.row}:${op.index}`} op={op} names={names} />
        ))}
      </ul>
      <div class="buttons">
        <button type="button" class="button" onClick={() => saveCopy(ops)}>
          Save a copy…
        </button>
      </div>
    </>
  );
}

/** The changes, and the titles of what they are about. */
async function readAll(): Promise<{ ops: readonly SetAsideOp[]; names: Names }> {
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
