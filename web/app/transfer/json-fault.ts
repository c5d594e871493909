/** Where a text stops being JSON. Browsers word it differently, and some do not say at all. */

const SPACE = /[ \t\r\n]*/y;
const SCALAR =
  /"(?:[^"\\\p{Cc}]|[\u007F-\u009F]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

/** The offset of the first fault; null for valid JSON. */
export function jsonFaultAt(text: string): number | null {
  let at = 0;
  const open: ('{' | '[')[] = [];
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found !== null;
  };
  const take = (char: string): boolean => {
    skip(SPACE);
    if (text[at] !== char) return false;
    at++;
    return true;
  };
  const name = (): boolean => {
    skip(SPACE);
    return text[at] === '"' && skip(SCALAR) && take(':');
  };
  /** Opens what can be opened; true when a whole value lies behind us. */
  const value = (): boolean => {
    for (;;) {
      const isObject = take('{');
      if (!isObject && !take('[')) return skip(SCALAR);
      if (take(isObject ? '}' : ']')) return true;
      open.push(isObject ? '{' : '[');
      if (isObject && !name()) return false;
    }
  };

  if (!value()) return at;
  while (open.length > 0) {
    const isObject = open.at(-1) === '{';
    if (take(isObject ? '}' : ']')) open.pop();
    else if (!take(',') || (isObject && !name()) || !value()) return at;
  }
  skip(SPACE);
  return at === text.length ? null : at;
}
