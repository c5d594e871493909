/**
 * What will not be in the log: ops that the server refused, or that were about what it refused. They
 * are kept until the person sends them again, perhaps mended, or lets them go.
 */
import type { Dexie } from 'dexie';
import type { MutationJson, OpRef, Receipt, SpaceId } from '../../core/index.ts';
import type { WriteHandle } from './api.ts';
import type { Session } from './session.ts';
import { createHandle } from './write-handle.ts';
import type { Write } from './writer.ts';

export interface SetAsideOp extends OpRef {
  readonly space: SpaceId;
  /** Why, by its code: `too_large`, `bad_op`, `forbidden`, `space_deleted`, `no_such_record`, … */
  readonly code: string;
  /** The wall time in ms at which it was written. */
  readonly at: number;
  /** What it was to do, all of it or nothing. */
  readonly do: readonly MutationJson[];
}

export interface SetAsideOps {
  /** All of them, in the order in which they were written; in a live query, again with each change. */
  toArray(): Promise<readonly SetAsideOp[]>;
  /**
   * Writes them anew, as they are given here: a mended one has another `do`. They leave what is set
   * aside when all were accepted. Rejects with `not_set_aside` if one of them was sent or discarded
   * meanwhile, and then nothing was written.
   */
  resend(ops: readonly SetAsideOp[]): WriteHandle<readonly Receipt[]>;
  /** Lets them go, for good. */
  discard(ops: readonly OpRef[]): Promise<void>;
}

/** As the engine stores it. Only what the grammar allows is ever accepted, and so set aside. */
type Stored = Omit<SetAsideOp, 'do'> & { readonly payload: string };

export function createSetAside(tables: Dexie, write: Write, { ask }: Session): SetAsideOps {
  return {
    async toArray() {
      const rows = (await tables.table('_aside').toArray()) as Stored[];
      return rows.map(({ row, index, space, code, at, payload }) => {
        const { do: changes } = JSON.parse(payload) as { do: MutationJson[] };
        return { row, index, space, code, at, do: changes };
      });
    },
    resend(ops) {
      const spaces = new Set<string>(ops.map(({ space }) => space));
      const requests = ops.map((op) => ({ space: op.space, do: [...op.do] }));
      const written = write({ spaces, ops: requests, instead: ops.map(refOf) });
      return createHandle(written, (receipts) => receipts);
    },
    async discard(ops) {
      await ask({ type: 'discard', ops: ops.map(refOf) });
    },
  };
}

const refOf = ({ row, index }: OpRef): OpRef => ({ row, index });
