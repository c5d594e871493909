/** One value against its Standard Schema, as issues with their way. Knows nothing of ops. */
import { OffingError, type Issue } from './errors.ts';
import type { AnyField } from './fields.ts';
import type { StandardIssue, StandardSchema } from './standard-schema.ts';

export type Path = readonly PropertyKey[];

/** Deeper than any payload may be. */
const MAX_DEPTH = 32;

/** What is wrong with a value of this field, or of an element of this set or journal. */
export function issuesOfValue(field: AnyField | undefined, value: unknown, path: Path): Issue[] {
  if (!isJson(value)) return [{ path, message: 'not a JSON value' }];
  // Cleared.
  if (field?.optional && value === null) return [];
  return field?.validate ? issuesBy(field.validate, value, path) : [];
}

/** Throws OffingError `bad_schema` for a validator that answers later: a write does not wait for it. */
export function issuesBy(schema: StandardSchema, value: unknown, path: Path): Issue[] {
  const result = resultOf(schema, value, path);
  if (!isPromise(result)) {
    return (result.issues ?? []).map((issue) => ({
      path: [...path, ...wayOf(issue)],
      message: issue.message,
    }));
  }
  // Nobody waits for it, nor hears of its failing.
  result.then(undefined, () => {});
  throw new OffingError('bad_schema', `${nameOf(path)}: the validator is not synchronous.`);
}

function resultOf(schema: StandardSchema, value: unknown, path: Path) {
  try {
    return schema['~standard'].validate(value);
  } catch (cause) {
    const message = 'the validator failed';
    throw new OffingError('invalid', `${nameOf(path)}: ${message}.`, {
      cause,
      issues: [{ path, message }],
    });
  }
}

const isPromise = <T>(value: T | Promise<T>): value is Promise<T> =>
  typeof value === 'object' && value !== null && 'then' in value;

const wayOf = ({ path = [] }: StandardIssue): PropertyKey[] =>
  path.map((part) => (typeof part === 'object' ? part.key : part));

/** Throws OffingError `invalid` with all of them, if there are any. */
export function refuse(issues: readonly Issue[]): void {
  const [first, ...others] = issues;
  if (!first) return;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new OffingError('invalid', `${nameOf(first.path)}: ${first.message}${more}`, { issues });
}

export const nameOf = (path: Path): string => path.map(String).join('.');

/**
 * Whether JSON says the value as it is. It would make null of NaN, a text of a date and nothing of a
 * map, in silence; a member that is undefined is one that is not there, for it as for us.
 */
function isJson(value: unknown, depth = MAX_DEPTH): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || depth === 0) return false;
  if (Array.isArray(value)) return value.every((part) => isJson(part, depth - 1));
  if ('toJSON' in value || !isPlain(value)) return false;
  return Object.values(value).every((part) => part === undefined || isJson(part, depth - 1));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // That of another window's objects is not ours, but has none above it either.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
