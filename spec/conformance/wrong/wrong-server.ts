/** One kind of server that is wrong, and the check that has to notice. */
import { randomUUID } from 'node:crypto';
import type { Target } from '../../../conformance/index.ts';
import type { Fetch, SentOp } from '../between.ts';

export type AllTokens = Required<NonNullable<Target['tokens']>> & { readonly own: string };

export interface WrongServer {
  readonly wrong: string;
  /** The name of the check. */
  readonly check: string;
  /** Made anew for each run: some of them remember. */
  make(tokens: AllTokens): (ask: Fetch) => Fetch;
}

export const isVoid = (op: SentOp): boolean => op['void'] === true;
export const lastOf = (ops: readonly SentOp[] = []): number =>
  Math.max(0, ...ops.map((op) => op.clock));
export const nameOf = (space: string, actor: string, { clock }: SentOp) =>
  `${space} ${actor} ${clock}`;

export const aNewActor = (): string =>
  randomUUID()
    .replace(/^(.{14})./, '$17')
    .replace(/^(.{19})./, '$18');
