/** Turns the indentation of lines into nesting, in whatever unit the author indents. */

const TAB = 4;
/** One blank more than the line above is a slip, not a level. */
const LEAST_STEP = 2;

export class Indents {
  #open: number[] = [];

  /** The depth of a line that begins at this column; lines come in order. */
  depthAt(column: number): number {
    while (this.#open.length > 0 && column < (this.#open.at(-1) ?? 0) + LEAST_STEP) {
      this.#open.pop();
    }
    this.#open.push(column);
    return this.#open.length - 1;
  }

  reset(): void {
    this.#open = [];
  }
}

/** The column at which the text begins after this white space. */
export function columnAfter(space: string): number {
  let column = 0;
  for (const char of space) column += char === '\t' ? TAB - (column % TAB) : 1;
  return column;
}
