/**
 * Structured cloning for what devices store: an in-memory IndexedDB copies each value that goes in or
 * out, and Node's own way over its serializer would be a third of a run's time. What is not plain
 * goes that way all the same.
 */
const slow = globalThis.structuredClone;

/** From here on everything in this process is copied so. */
export function cloneQuickly(): void {
  Object.assign(globalThis, { structuredClone: quickClone });
}

export function quickClone(value: unknown, ...options: readonly never[]): unknown {
  if (options.length > 0) return slow(value, ...options);
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'function' || typeof value === 'symbol' ? slow(value) : value;
  }
  if (Array.isArray(value)) return value.map((one) => quickClone(one));
  if (value instanceof Map)
    return new Map(Array.from(value, ([key, one]) => [quickClone(key), quickClone(one)]));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return slow(value);
  const copy: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) {
    // Assigned, it would be the copy's prototype.
    if (name === '__proto__') return slow(value);
    copy[name] = quickClone(one);
  }
  return copy;
}
