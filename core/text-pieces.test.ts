import { describe, expect, it } from 'vitest';
import { asSeq, type Epoch, type SpaceId } from './ids.ts';
import { beginningOf, type TextPiece } from './text-pieces.ts';

const piece = (offset: number, text: string, seq = 7): TextPiece => ({
  space: '01890000-0000-7000-8000-000000000001' as SpaceId,
  epoch: 'e1' as Epoch,
  seq: asSeq(seq),
  offset,
  text,
});

describe('the pieces of a text', () => {
  it('[AB96] are its beginning as far as each follows on the one before, in bytes', () => {
    const all = [piece(0, 'Zelt ⛺\n'), piece(9, 'b\n'), piece(11, 'c\n')];
    expect(beginningOf(all)).toEqual(all);
    expect(beginningOf([])).toEqual([]);
  });

  it('[AB96] end before a gap and before one of another snapshot, and are none without a start', () => {
    const [first, second] = [piece(0, 'a\n'), piece(2, 'b\n')];
    expect(beginningOf([first, second, piece(5, 'd\n')])).toEqual([first, second]);
    expect(beginningOf([first, piece(2, 'b\n', 8), piece(4, 'c\n')])).toEqual([first]);
    expect(beginningOf([second])).toEqual([]);
  });

  it('[AB96] are found among those that were cut elsewhere', () => {
    const [first, rest] = [piece(0, 'aa\n'), piece(3, 'bb\ncc\n')];
    expect(beginningOf([first, piece(2, '\n'), rest, piece(6, 'cc\n')])).toEqual([first, rest]);
  });
});
