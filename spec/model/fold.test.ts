import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  conflictsNamed,
  deriveView,
  encodePayload,
  fold,
  parsePayload,
  PAYLOAD_VERSIONS,
  recordKeyOf,
  touchedBy,
  type RecordState,
  type SequencedOp,
} from '../../core/index.ts';
import { check } from '../support/check.ts';
import { history, IDS, mutationsFrom, rawMutation, splitAt } from '../support/histories.ts';
import { actorOf, log, nameOf, opOf, pendingAt } from '../support/ops.ts';
import {
  canonicalWorld,
  confirmedOf,
  EMPTY_WORLD,
  foldOnto,
  reloadFromJson,
  type World,
} from '../support/world.ts';

const cuts = fc.array(fc.nat(), { maxLength: 6 });
const worldOf = (ops: readonly SequencedOp[]): World => foldOnto(EMPTY_WORLD, ops);

describe('the fold of a log', () => {
  it('[FO32] is the same in any split: records, conflicts and what was malformed', () => {
    check(
      fc.property(history(), cuts, (ops, places) => {
        const inPieces = splitAt(ops, places).reduce(foldOnto, EMPTY_WORLD);
        expect(canonicalWorld(inPieces)).toBe(canonicalWorld(worldOf(ops)));
      }),
    );
  });

  it('[FO32] is the same when the state is stored and read again between the pieces', () => {
    const stored = (world: World): World => ({
      ...structuredClone(world),
      records: new Map([...world.records].map(([key, state]) => [key, reload(state)])),
    });
    const reload = (state: RecordState) => structuredClone(reloadFromJson(state));
    check(
      fc.property(history(), cuts, (ops, places) => {
        const restarted = splitAt(ops, places).reduce(
          (world, piece) => stored(foldOnto(world, piece)),
          EMPTY_WORLD,
        );
        expect(canonicalWorld(restarted)).toBe(canonicalWorld(worldOf(ops)));
      }),
    );
  });

  it('[FO36] reads and changes no record but those that its ops name', () => {
    check(
      fc.property(history(), fc.nat(), (ops, cut) => {
        const [head = [], rest = []] = splitAt(ops, [cut]);
        const world = worldOf(head);
        const touched = touchedBy(rest);
        const asked = new Set<string>();
        const named = conflictsNamed(rest);
        const { get, conflict, droppable } = confirmedOf(world);
        const folded = fold(
          {
            droppable,
            get: (key) => (asked.add(key), get(key)),
            conflict: (key) => (expect(named).toContain(key), conflict(key)),
          },
          rest,
        );
        for (const key of [...asked, ...folded.records.keys()]) {
          expect(touched).toContain(key);
        }
      }),
    );
  });
});

const KINDS = 'put delete restore add remove increment append resolve drop'.split(' ');

const anyConflictName = fc.record({
  actor: fc.constantFrom(actorOf('A'), 'A'),
  clock: fc.integer(),
  collection: fc.constantFrom('items', ''),
  id: fc.constantFrom('r', '__proto__'),
  field: fc.constantFrom('title', null, 1),
  kind: fc.constantFrom('edit-edit', 'edit-delete', 'nothing'),
});

/** Texts that some broken or hostile client could put into a log. */
const anyPayload = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => new TextDecoder().decode(bytes)),
  fc.json(),
  fc.record({ do: fc.array(fc.jsonValue()) }).map((value) => JSON.stringify(value)),
  fc
    .record({ do: fc.array(anyMutation()), was: fc.option(fc.jsonValue(), { nil: undefined }) })
    .map((value) => JSON.stringify(value)),
);

function anyMutation() {
  const names = fc.oneof(fc.constantFrom('', 'r', '__proto__', 'constructor'), fc.jsonValue());
  return fc.record(
    {
      kind: fc.oneof(fc.constantFrom(...KINDS), fc.jsonValue()),
      collection: names,
      id: names,
      fields: fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()),
      new: fc.constantFrom(true, false, 1),
      latest: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
      manual: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
      field: names,
      values: fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
      by: fc.oneof(fc.double(), fc.jsonValue()),
      entry: fc.jsonValue(),
      conflict: fc.oneof(anyConflictName, fc.jsonValue()),
      take: fc.oneof(
        fc.constantFrom('winner', 'loser'),
        fc.record({ value: fc.jsonValue() }),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  );
}

const validPayload = fc
  .array(rawMutation, { minLength: 1, maxLength: 3 })
  .map((raws) => encodePayload(mutationsFrom(raws, { known: [] })));

describe('a payload that says nothing this grammar knows', () => {
  it('[FO35] never makes the fold, the view or their helpers throw', () => {
    check(
      fc.property(history({ maxLength: 5 }), fc.array(anyPayload), (ops, payloads) => {
        const odd = payloads.map((payload, i) => opOf(`A:${i + 1}`, payload, { v: (i % 2) + 1 }));
        const world = worldOf(ops);
        const after = foldOnto(world, log(...odd));
        touchedBy(odd);
        for (const name of IDS.map(nameOf)) {
          const key = recordKeyOf(name);
          const pending = pendingAt(ops.length, odd);
          deriveView(key, world.records.get(key), pending, confirmedOf(world).conflict);
        }
        canonicalWorld(after);
      }),
    );
  });

  it('[OP3] is malformed wherever a valid one is cut short', () => {
    check(
      fc.property(validPayload, fc.nat(), (payload, cut) => {
        const short = payload.slice(0, cut % payload.length);
        for (const version of PAYLOAD_VERSIONS) {
          expect(parsePayload(short, version)).toEqual({ kind: 'malformed', why: 'not JSON' });
        }
      }),
    );
  });

  it('[FO4] leaves everything but the list of the malformed as it was', () => {
    check(
      fc.property(history(), anyPayload, (ops, payload) => {
        fc.pre(parsePayload(payload, 2).kind === 'malformed');
        const world = worldOf(ops);
        const after = foldOnto(world, log(opOf('C:99', payload, { v: 2 })));
        expect(canonicalWorld({ ...after, malformed: [] })).toBe(
          canonicalWorld({ ...world, malformed: [] }),
        );
        expect(after.malformed).toHaveLength(world.malformed.length + 1);
      }),
    );
  });
});

describe('fields merged by `latest`', () => {
  const write = fc.record({ at: fc.nat(5), value: fc.constantFrom('x', 'y', 'z') });

  it('[FO22] show, of writes that had not seen each other, the one written last', () => {
    check(
      fc.property(fc.array(write, { minLength: 1, maxLength: 8 }), (writes) => {
        const ops = writes.map(({ at, value }, i) => {
          const mutation = { kind: 'put', collection: 'items', id: 'r', new: true } as const;
          const payload = { ...mutation, fields: { title: value }, latest: ['title'] };
          return opOf(`A${i}:1`, encodePayload([payload]), { base: 0, at });
        });
        const latest = Math.max(...writes.map(({ at }) => at));
        const winner = writes.findLast(({ at }) => at === latest);
        const state = worldOf(log(...ops)).records.get(recordKeyOf(nameOf('r')));
        expect(state?.fields.get('title')?.value).toBe(winner?.value);
      }),
    );
  });
});
