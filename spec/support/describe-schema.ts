/** A schema as plain data, so that two versions of it can be told apart. */
import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../../core/index.ts';

/** Members of a schema, or of a step of its pipe, that say what it accepts. */
const TELLING = [
  'kind',
  'type',
  'key',
  'entries',
  'items',
  'item',
  'value',
  'options',
  'wrapped',
  'rest',
  'literal',
  'requirement',
  'default',
  'pipe',
] as const;

/** A short name for all that the schemas accept: another one when any of them accepts otherwise. */
export const hashOfSchemas = (schemas: Readonly<Record<string, unknown>>): string =>
  createHash('sha256')
    .update(canonicalJson(describeMembers(schemas)))
    .digest('hex')
    .slice(0, 16);

function describePart(part: unknown): Json {
  if (Array.isArray(part)) return part.map(describePart);
  // A check in code: what it does has tests of its own.
  if (typeof part === 'function') return 'function';
  if (part instanceof RegExp) return part.source;
  if (typeof part !== 'object' || part === null) return JSON.stringify(part) ?? 'undefined';
  return '~run' in part ? describeSchema(part) : describeMembers(part);
}

function describeSchema(schema: object): Json {
  if ('getter' in schema) return { lazy: SAMPLES.map((sample) => picked(schema.getter, sample)) };
  return describeMembers(
    Object.fromEntries(Object.entries(schema).filter(([name]) => isTelling(name))),
  );
}

const describeMembers = (members: object): Json =>
  Object.fromEntries(Object.entries(members).map(([name, part]) => [name, describePart(part)]));

const isTelling = (name: string): boolean => (TELLING as readonly string[]).includes(name);

/** Values by which the wire's lazy schemas choose: an op, and a clock that is given up. */
const SAMPLES = [{}, { void: true }];

const picked = (getter: unknown, sample: object): Json =>
  describePart((getter as (input: object) => unknown)(sample));
