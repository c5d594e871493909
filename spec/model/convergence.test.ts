/** Several replicas write, send, fetch and restart in any order; in the end all are the same. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalWorld, foldOnto, EMPTY_WORLD } from '../support/world.ts';
import { check } from '../support/check.ts';
import { mutationsFrom, rawMutation } from '../support/histories.ts';
import { faultsOf } from '../support/accounts.ts';
import { ModelReplica, ModelServer } from '../support/replicas.ts';

const NAMES = ['A', 'B', 'C', 'D'];

const who = fc.nat(NAMES.length - 1);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      who,
      mutations: fc.array(rawMutation, { minLength: 1, maxLength: 3 }),
      behind: fc.oneof(fc.constant(0), fc.nat(5)),
      at: fc.nat(20),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('send' as const), who, count: fc.nat(4) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('fetch' as const), who, count: fc.nat(6) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('restart' as const),
      who,
      through: fc.constantFrom('clone' as const, 'json' as const),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
const steps = fc.array(step, { maxLength: 60, size: 'max' });

class Model {
  readonly server = new ModelServer();
  readonly replicas = NAMES.map((name) => new ModelReplica(name, this.server));

  perform(step: Step): void {
    const replica = this.replicas[step.who] as ModelReplica;
    switch (step.kind) {
      case 'write':
        return replica.write(
          mutationsFrom(step.mutations, { known: [...replica.world.conflicts.values()] }),
          step,
        );
      case 'send':
        return replica.send(step.count);
      case 'fetch':
        return void replica.fetch(step.count);
      case 'restart':
        return replica.restart(step.through);
    }
  }

  settle(): void {
    for (const replica of this.replicas) replica.send(Number.POSITIVE_INFINITY);
    for (const replica of this.replicas) replica.fetch(Number.POSITIVE_INFINITY);
  }
}

describe('replicas of one log', () => {
  it('[FO33] at one seq are identical, conflict records included, and show what is confirmed', () => {
    check(
      fc.property(steps, (history) => {
        const model = new Model();
        for (const next of history) model.perform(next);
        model.settle();
        const truth = foldOnto(EMPTY_WORLD, model.server.log);
        for (const replica of model.replicas) {
          expect(replica.isSettled).toBe(true);
          expect(canonicalWorld(replica.world)).toBe(canonicalWorld(truth));
          expect(replica.seen()).toEqual((model.replicas[0] as ModelReplica).seen());
        }
        expect(faultsOf(model.server.log)).toEqual([]);
      }),
    );
  });

  it('[RB4] show at every step what they would if everything were derived anew', () => {
    check(
      fc.property(steps, (history) => {
        const model = new Model();
        for (const next of history) {
          model.perform(next);
          const replica = model.replicas[next.who] as ModelReplica;
          expect(replica.seen()).toEqual(replica.derived());
        }
      }),
    );
  });

  it('[RB5] show no change when an own op enters the confirmed state and leaves the pending ones', () => {
    check(
      fc.property(steps, (history) => {
        const model = new Model();
        for (const next of history) {
          if (next.kind !== 'fetch') {
            model.perform(next);
            continue;
          }
          const replica = model.replicas[next.who] as ModelReplica;
          for (let n = 0; n < next.count; n++) {
            const before = replica.seen();
            const [op] = replica.fetch(1);
            if (op?.actor.endsWith(hexOf(next.who))) expect(replica.seen()).toEqual(before);
          }
        }
      }),
    );
  });
});

const hexOf = (index: number): string => (NAMES[index] as string).charCodeAt(0).toString(16);
