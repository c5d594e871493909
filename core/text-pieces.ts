/**
 * The text of a snapshot that is fetched whole before anything of it is used, in the pieces in which it
 * is kept until all of it is here: whoever is cut off goes on behind the last.
 */
import type { SnapshotPlace } from './filling.ts';
import type { SpaceId } from './ids.ts';
import { utf8Length } from './json.ts';

/** Whole lines of one snapshot, with their ends, and where in its text they stand. */
export interface TextPiece extends SnapshotPlace {
  readonly space: SpaceId;
  readonly text: string;
}

/**
 * Those of a space's pieces that are the start of one text, given in the order of their offsets. Whoever
 * was frozen while it fetched may have left others among them, of another snapshot or cut elsewhere.
 */
export function beginningOf(pieces: readonly TextPiece[]): readonly TextPiece[] {
  let end = 0;
  return pieces.filter((piece) => {
    if (piece.offset !== end || !isSameText(piece, pieces[0])) return false;
    end += utf8Length(piece.text);
    return true;
  });
}

const isSameText = (one: SnapshotPlace, other: SnapshotPlace | undefined): boolean =>
  one.epoch === other?.epoch && one.seq === other.seq;
