/** A snapshot's text that is read whole: what its lines come to, and how far it was read. */
import {
  begunFrom,
  bytesOf,
  createSnapshotReader,
  NOT_BEGUN,
  toFetch,
  type Filling,
  type SnapshotPlace,
} from '../../core/index.ts';

export class SnapshotText {
  readonly reader = createSnapshotReader();
  isAtFault = false;
  #at: Filling = NOT_BEGUN;

  /** False where one of the lines is at fault. */
  add(lines: readonly string[]): boolean {
    for (const line of lines) {
      this.isAtFault ||= this.reader.add(line) !== undefined;
      if (this.isAtFault) return false;
      this.#at = this.#at.of
        ? { ...this.#at, offset: this.#at.offset + bytesOf(line) }
        : begun(line);
    }
    return true;
  }

  /** Behind the last line; absent before the header. */
  get place(): SnapshotPlace | undefined {
    return toFetch(this.#at);
  }

  /** How much of it is here. */
  get standing(): Filling {
    return { ...this.#at, came: { ...this.#at.came, records: this.reader.records } };
  }

  /** There is more to come, and nothing wrong with what came. */
  get isCut(): boolean {
    const { of, start, offset } = this.#at;
    return !this.isAtFault && (!of || offset < start + of.bytes);
  }
}

/** Behind the header, which the reader has taken. */
function begun(header: string): Filling {
  const at = begunFrom(NOT_BEGUN, header);
  return typeof at === 'object' ? at : NOT_BEGUN;
}

/** Whether a text begins with this line. */
export const isHeader = (line: string): boolean => typeof begunFrom(NOT_BEGUN, line) !== 'string';
