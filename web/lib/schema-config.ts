/** From the app's schema to the plain config that the host keeps; refuses what cannot be kept. */
import { APP_VERSIONS, RESERVED_FIELDS, type AppConfig } from '../../core/index.ts';
import { OffingError } from './errors.ts';
import { isIndexed, listKindOf, type AnyField } from './fields.ts';
import type { CollectionDef, Collections } from './schema.ts';

interface AnySchema {
  readonly version: number;
  readonly collections: Collections;
  readonly registry?: string;
}

const DATABASE_NAME = /^[A-Za-z0-9_-]{1,64}$/;
const COLLECTION_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** `isTaken` says which names the database object has for itself. Throws OffingError `bad_schema`. */
export function configOf(
  name: string,
  { version, collections, registry }: AnySchema,
  isTaken: (name: string) => boolean = () => false,
): AppConfig {
  check(DATABASE_NAME.test(name), `"${name}" is not a database name`);
  check(Number.isInteger(version) && version >= 1, 'version is not a whole number from 1');
  check(version < APP_VERSIONS, `version is not below ${APP_VERSIONS}`);
  check(registry === undefined || registry in collections, `no collection "${registry}"`);
  const indexes = Object.entries(collections).map(([collection, def]) => {
    check(COLLECTION_NAME.test(collection), `"${collection}" is not a collection name`);
    check(!isTaken(collection), `"${collection}" is a member of the database itself`);
    checkFields(collection, def, collections);
    const kinds = kindsOf(def);
    const indexed = { indexes: indexesOf(collection, def) };
    return [collection, kinds ? { ...indexed, kinds } : indexed] as const;
  });
  const config = { name, version, collections: Object.fromEntries(indexes) };
  return registry === undefined ? config : { ...config, registry };
}

function checkFields(collection: string, { fields }: CollectionDef, all: Collections): void {
  for (const [name, field] of Object.entries(fields)) {
    const isReserved = RESERVED_FIELDS.some((reserved) => reserved === name);
    check(!isReserved, `${collection}.${name}: the name is reserved`);
    const { to } = field.of ?? field;
    check(to === undefined || to in all, `${collection}.${name}: no collection "${to}"`);
    const kind = listKindOf(field);
    check(!kind || !field.optional, `${collection}.${name}: a ${kind} is never absent`);
    check(!field.of || isPlain(field.of), `${collection}.${name}: of what is no plain value`);
  }
}

/** What a set or a journal may hold: values that merge by it alone. */
const isPlain = (of: AnyField): boolean =>
  !listKindOf(of) && !of.optional && !of.conflicts && !of.merge && !of.resolve;

type Kinds = NonNullable<AppConfig['collections'][string]['kinds']>;

function kindsOf({ fields }: CollectionDef): Kinds | undefined {
  const kinds = Object.entries(fields).flatMap(([name, field]) => {
    const kind = listKindOf(field);
    return kind ? [[name, kind] as const] : [];
  });
  return kinds.length > 0 ? Object.fromEntries(kinds) : undefined;
}

/** Those of the field kinds and those asked for, each once; `id` and `space` every table has. */
function indexesOf(collection: string, { fields, indexes }: CollectionDef): string[] {
  for (const index of indexes) {
    for (const part of index.replaceAll(/^\*|[[\]]/g, '').split('+')) {
      const isKnown = part === 'id' || part === 'space' || Object.hasOwn(fields, part);
      check(isKnown, `${collection}: index "${index}" names no field`);
      check(fields[part]?.kind !== 'bool', `${collection}: a bool cannot be indexed ("${index}")`);
    }
  }
  const ofKinds = Object.keys(fields).filter((name) => fields[name] && isIndexed(fields[name]));
  const wanted = new Set([...ofKinds, ...indexes]);
  return [...wanted].filter((index) => index !== 'id' && index !== 'space');
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new OffingError('bad_schema', `Bad schema: ${otherwise}.`);
}
