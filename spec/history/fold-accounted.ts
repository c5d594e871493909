/** Folds a log op by op, and after each looks for every value of the records that it names. */
import { recordKeyOf, type SequencedOp } from '../../core/index.ts';
import { EMPTY_WORLD, foldOnto, type World } from '../support/world.ts';
import { ValueAccount, type Become, type Name } from './value-account.ts';

export interface Accounted {
  readonly account: ValueAccount;
  readonly world: World;
  readonly faults: readonly string[];
}

export function foldAccounted(log: readonly SequencedOp[]): Accounted {
  const account = new ValueAccount();
  let world = EMPTY_WORLD;
  const faults: string[] = [];
  for (const op of log) {
    const named = account.enter(op);
    world = foldOnto(world, [op]);
    for (const fault of faultsIn(world, named, account)) faults.push(`at ${op.seq}, ${fault}`);
  }
  return { account, world, faults };
}

/** What is wrong with these records of a world, by the account. */
export const faultsIn = (world: World, names: readonly Name[], account: ValueAccount): string[] =>
  names.flatMap((name) => account.faults(name, becomeOf(world, name)));

const becomeOf = ({ records, conflicts }: World, name: Name): Become => ({
  state: records.get(recordKeyOf(name)),
  conflicts: [...conflicts.values()].filter(
    ({ collection, id }) => collection === name.collection && id === name.id,
  ),
});
