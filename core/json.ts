/** JSON values as data: bounded in depth, compared by content, written in one canonical way. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Deeper values are malformed: it keeps every walk below within any engine's stack. */
export const MAX_VALUE_DEPTH = 32;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether `value`, as JSON.parse made it, is finite and at most `depth` levels deep. */
export function isPlainJson(value: unknown, depth: number = MAX_VALUE_DEPTH): value is Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  // JSON.parse makes Infinity of 1e999, and JSON.stringify makes null of that: not the same value twice.
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth === 0) return false;
  const parts: unknown[] = Array.isArray(value) ? value : Object.values(value);
  return parts.every((part) => isPlainJson(part, depth - 1));
}

/** Deep equality of JSON values; the order of an object's members does not count. */
export function jsonEquals(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) && a.length === b.length && a.every((part, i) => jsonEquals(part, b[i]))
    );
  }
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && jsonEquals(a[name] as Json, b[name] as Json))
  );
}

/** JSON text with members sorted by name (by UTF-16 code unit), without spaces. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name] as Json)}`);
  return `{${members.join(',')}}`;
}

/** True where the text has a lone surrogate or U+0000, which no UTF-8 text of the wire may hold. */
export function hasForbiddenText(text: string): boolean {
  return text.includes('\u0000') || /[\ud800-\udfff]/u.test(text);
}

/** Length in bytes of a text in UTF-8, without encoding it. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) bytes += 1;
    // A surrogate pair is 2 units and 4 bytes: each half counts 2.
    if (unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff)) bytes += 1;
  }
  return bytes;
}
