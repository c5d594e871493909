/**
 * New rows of the outbox. Their ids are the database's to give, and records name the rows that are
 * pending on them, so each waits for its id. For a lone write a row is asked for together with what that
 * reads, before it is known what is in it: one trip to the disk less of the few that it takes.
 */
import type { OutboxRow, RowId } from '../../core/index.ts';
import type { ReplicaTx } from './ports.ts';

type NewRow = Omit<OutboxRow, 'row'>;

export interface NewRows {
  /** Stores them, once; returns their ids, which ascend. */
  add(rows: readonly NewRow[]): Promise<readonly RowId[]>;
  /** Nothing stays of what was asked for and not needed. */
  end(): Promise<void>;
}

export const newRows = (tx: ReplicaTx): NewRows => ({
  add: (rows) => tx.addRows(rows),
  end: async () => {},
});

/** Found by nobody: whoever looks for rows knows their space. */
const EMPTY = {} as NewRow;

/** The first of them has its place already. */
export function newRowsFromOne(tx: ReplicaTx): NewRows {
  const asked = tx.addRows([EMPTY]);
  asked.catch(() => undefined); // the transaction fails with it
  let isFree = true;
  return {
    async add([first, ...others]) {
      const [id] = await asked;
      if (first === undefined || id === undefined) return [];
      isFree = false;
      await tx.putRows([{ ...first, row: id }]);
      return others.length > 0 ? [id, ...(await tx.addRows(others))] : [id];
    },
    async end() {
      if (isFree) await tx.deleteRows(await asked);
    },
  };
}
