/** Promise 4, read literally, against any history: no value is lost without a record of it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  conflictKeyOf,
  parsePayload,
  recordKeyOf,
  type Json,
  type Mutation,
  type SequencedOp,
} from '../../core/index.ts';
import { faultsOf } from '../support/accounts.ts';
import { check } from '../support/check.ts';
import { history } from '../support/histories.ts';
import { EMPTY_WORLD, foldOnto, type World } from '../support/world.ts';

describe('every value ever written', () => {
  it('[CF4] [CF12] is current, was overwritten by an op that had seen it, or is in a conflict record', () => {
    check(
      fc.property(history({ unique: true }), (log) => {
        expect(faultsOf(log)).toEqual([]);
      }),
      300,
    );
  });

  it('[CF4] [CF12] is so too where the same values are written again and again', () => {
    check(
      fc.property(history(), (log) => {
        expect(faultsOf(log)).toEqual([]);
      }),
      300,
    );
  });

  it('[CF4] is found from the end of the log alone: it shows, it lost, or someone who knew wrote over it', () => {
    check(
      fc.property(history({ unique: true }), (log) => {
        const world = foldOnto(EMPTY_WORLD, log);
        const lost = valuesOf(log).filter(
          (value) =>
            !shows(world, value) && !lostOpenly(world, value) && !overwritten(log, world, value),
        );
        expect(lost).toEqual([]);
      }),
      300,
    );
  });
});

interface PutValue {
  readonly seq: number;
  readonly part: number;
  readonly key: string;
  readonly field: string;
  readonly value: Json;
}

const mutationsOf = (op: SequencedOp) => {
  const parsed = parsePayload(op.payload, op.v);
  return parsed.kind === 'known' ? parsed.payload : { do: [], was: [] };
};

const valuesOf = (log: readonly SequencedOp[]): PutValue[] =>
  log.flatMap((op) =>
    mutationsOf(op).do.flatMap((mutation, part) =>
      [...typedIn(mutation)].map(([field, value]) => {
        return { seq: op.seq, part, key: recordKeyOf(mutation), field, value };
      }),
    ),
  );

const typedIn = (mutation: Mutation): Iterable<readonly [string, Json]> => {
  if (mutation.kind === 'put') return mutation.fields;
  return mutation.kind === 'resolve' && typeof mutation.take !== 'string' ? mutation.take : [];
};

const shows = (world: World, { key, field, value }: PutValue): boolean =>
  [...world.records].some(
    ([name, { fields, grave }]) => name === key && !grave && fields.get(field)?.value === value,
  );

const lostOpenly = (world: World, { key, field, value }: PutValue): boolean =>
  [...world.conflicts.values()].some(
    (conflict) => recordKeyOf(conflict) === key && conflict.loser.values?.get(field) === value,
  );

function overwritten(
  log: readonly SequencedOp[],
  world: World,
  { seq, part, key, field }: PutValue,
): boolean {
  const author = log[seq - 1] as SequencedOp;
  return log.slice(seq - 1).some((op) => {
    const { do: parts, was } = mutationsOf(op);
    const seen =
      seq <= op.base ||
      op.actor === author.actor ||
      was.some(({ actor, clock }) => actor === author.actor && author.clock <= clock);
    return parts.some(
      (mutation, i) =>
        (seen || knows(world, mutation, seq)) &&
        (op.seq > seq || i > part) &&
        recordKeyOf(mutation) === key &&
        mayOverwrite(mutation, field),
    );
  });
}

const mayOverwrite = (mutation: Mutation, field: string): boolean => {
  if (mutation.kind === 'put') return mutation.fields.has(field);
  if (mutation.kind !== 'resolve') return mutation.kind === 'delete';
  return mutation.take !== 'winner' && (mutation.conflict.field ?? field) === field;
};

/** Who names a conflict had seen how it came about. */
function knows(world: World, mutation: Mutation, seq: number): boolean {
  if (mutation.kind !== 'resolve') return false;
  const conflict = world.conflicts.get(conflictKeyOf(mutation.conflict));
  const sides = [conflict?.winner.stamp?.seq ?? 0, conflict?.loser.stamp?.seq ?? 0];
  return seq <= Math.max(...sides);
}
