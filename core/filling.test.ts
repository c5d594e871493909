import { describe, expect, it } from 'vitest';
import { log, make, op, opOf } from '../spec/support/ops.ts';
import { linesOf, snapshotOf, SPACE } from '../spec/support/snapshots.ts';
import { canonicalWorld, EMPTY_WORLD, type World } from '../spec/support/world.ts';
import {
  amountOf,
  begunFrom,
  endOf,
  filledBy,
  NOT_BEGUN,
  toFetch,
  type Filling,
} from './filling.ts';
import { asClock, type ActorId } from './ids.ts';
import type { BootstrapHeader } from './wire.ts';

const SOURCE = snapshotOf(
  log(
    op('A:1', make('tent', { title: 'Zelt ⛺' })),
    op('A:2', make('stove', { title: 'ö' })),
    opOf('B:1', '{}'),
  ),
);
const [HEADER = '', ...LINES] = linesOf(SOURCE);
const [A] = SOURCE.actors.keys() as Iterable<ActorId>;
const bytesOf = (lines: readonly string[]) =>
  new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')).length;

type Begun = Filling & { readonly of: BootstrapHeader };

function begun(header = HEADER): Begun {
  const filling = begunFrom(NOT_BEGUN, header);
  if (typeof filling !== 'object') throw new Error(`header: ${filling}`);
  return filling as Begun;
}

function take(at: Begun, lines: readonly string[]) {
  const filled = filledBy(at, lines, A as ActorId);
  if (typeof filled === 'string') throw new Error(filled);
  return { ...filled, filling: filled.filling as Begun };
}

const added = (world: World, part: World): World => ({
  records: new Map([...world.records, ...part.records]),
  conflicts: new Map([...world.conflicts, ...part.conflicts]),
  malformed: [...world.malformed, ...part.malformed],
});

describe('a filling', () => {
  it('[AB81] stands at the byte behind its lines, in however many parts they come', () => {
    for (let first = 0; first <= LINES.length; first++) {
      const [one, two] = [LINES.slice(0, first), LINES.slice(first)];
      const before = take(begun(), one);
      expect(before.filling.offset).toBe(bytesOf([HEADER, ...one]));
      expect(toFetch(before.filling)).toEqual({
        epoch: SOURCE.header.epoch,
        seq: SOURCE.header.seq,
        offset: before.filling.offset,
      });
      expect(endOf(before.filling)).toBe(two.length > 0 ? 'cut' : 'whole');
      const after = take(before.filling, two);
      expect(endOf(after.filling)).toBe('whole');
      const world = added(added(EMPTY_WORLD, before.part), after.part);
      expect(canonicalWorld(world)).toBe(canonicalWorld(SOURCE));
      expect(after.filling).toMatchObject({ own: 2, named: 2 });
    }
  });

  it('[AB81] that has not begun asks for the newest', () => {
    expect(toFetch(NOT_BEGUN)).toBeUndefined();
    expect(endOf(NOT_BEGUN)).toBe('cut');
    expect(endOf(begun())).toBe('cut');
  });

  it.each<[string, (lines: string[]) => string[]]>([
    ['does not parse', ([, ...lines]) => ['{', ...lines]],
    ['is of no known kind', ([, ...lines]) => ['{"kind":"pet"}', ...lines]],
    ['comes twice', (lines) => [...lines, ...lines.filter((line) => line.includes('tent'))]],
    [
      'is above the header',
      (lines) => lines.map((line) => line.replace('"ops":[[1,', '"ops":[[99,')),
    ],
    ['is more than the header counts', (lines) => [...lines, LINES[0] ?? '']],
  ])('[AB83] with a line that %s is at fault', (_, spoil) => {
    expect(filledBy(begun(), spoil([...LINES]), A as ActorId)).toEqual(expect.any(String));
  });

  it.each(['records', 'actors', 'conflicts', 'malformed'] as const)(
    '[AB83] that counts otherwise than its header, of %s, is at fault',
    (kind) => {
      const header = JSON.parse(HEADER) as BootstrapHeader;
      const other = JSON.stringify({ ...header, [kind]: header[kind] + 1 });
      expect(endOf(take(begun(other), LINES).filling)).toBe('wrong');
    },
  );

  it('[AB83] with an op of ours above our clock is at fault, of another actor it is not looked at', () => {
    const lines = LINES.map((line) =>
      line.startsWith('{"kind":"actor"') ? line.replace('"clock":2', '"clock":1') : line,
    );
    expect(endOf(take(begun(), lines).filling)).toBe('wrong');
    const other = filledBy(begun(), lines, 'another' as ActorId);
    expect(typeof other === 'object' && endOf(other.filling)).toBe('whole');
  });

  it('[WI40] of a grammar that is not known says which, and of no header what is wrong', () => {
    expect(begunFrom(NOT_BEGUN, HEADER.replace('{', '{"v":99,'))).toBe(99);
    expect(begunFrom(NOT_BEGUN, '<html>')).toEqual(expect.any(String));
  });

  it('[ST30] tells how much of all has come', () => {
    const half = take(begun(), LINES.slice(0, 3)).filling;
    const other = { ...begun(), own: asClock(0) };
    const amount = amountOf(
      new Map([
        [SPACE, half],
        ['b' as typeof SPACE, other],
      ]),
    );
    expect(amount).toEqual({
      spaces: [SPACE, 'b'],
      records: half.came.records,
      ofRecords: 4,
      bytes: bytesOf(LINES.slice(0, 3)),
      ofBytes: 2 * bytesOf(LINES),
    });
  });
});
