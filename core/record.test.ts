import { describe, expect, it } from 'vitest';
import { del, make, op, put } from '../spec/support/ops.ts';
import { recordOf, worldOf } from '../spec/support/world.ts';
import { visibleFields } from './record.ts';

const TENT = op('A:1', make('r', { title: 'Tent' }));

describe('what a person sees of a record', () => {
  it('[RB7] is the value of each field while it lives', () => {
    const world = worldOf(TENT, op('A:2', put('r', { size: 2, title: null })));
    expect(visibleFields(recordOf(world, 'r'))).toEqual(
      new Map<string, unknown>([
        ['title', null],
        ['size', 2],
      ]),
    );
  });

  it('[RB7] is nothing of one that is unknown or deleted', () => {
    expect(visibleFields(undefined)).toBeUndefined();
    expect(visibleFields(recordOf(worldOf(TENT, op('A:2', del('r'))), 'r'))).toBeUndefined();
  });

  it('[RB7] is an empty record, and not nothing, of one made without fields', () => {
    expect(visibleFields(recordOf(worldOf(op('A:1', make('r'))), 'r'))).toEqual(new Map());
  });
});
