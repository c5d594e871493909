/** Which bytes a Range header asks for (RFC 9110, section 14). */

export interface ByteRange {
  readonly from: number;
  /** The first byte that is not in it. */
  readonly to: number;
}

const ONE_RANGE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/**
 * The range of a text of `size` bytes, or `unsatisfiable`. Null for what may be ignored: no header, a
 * unit that is not known, more ranges than one, one that is no range.
 */
export function byteRangeOf(
  header: string | null,
  size: number,
): ByteRange | 'unsatisfiable' | null {
  const [, first, last] = ONE_RANGE.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || first + last === '') return null;
  if (first === '') {
    const bytes = Math.min(Number(last), size);
    return bytes === 0 ? 'unsatisfiable' : { from: size - bytes, to: size };
  }
  const from = Number(first);
  const to = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && Number(last) < from) return null;
  return from < size ? { from, to } : 'unsatisfiable';
}
