/**
 * Holds source files against the table of rooms. Knows nothing of the disk: it is given paths and
 * texts, so that the test can plant a fault and see it caught.
 */
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { parseSync } from 'vite';
import {
  EMPTY_NAMES,
  LONG_FILES,
  LONGEST_FILE,
  ROOM_NAMES,
  ROOMS,
  WORKSHOP_PACKAGES,
} from './rooms.ts';
import type { RoomName } from './rooms.ts';

export interface SourceFile {
  /** From the root of the checkout, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every fault as one sentence that begins with the file. */
export function faultsIn(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map((file) => file.path));
  return [
    ...files.flatMap((file) => [
      ...importFaults(file, paths),
      ...lengthFaults(file),
      ...nameFaults(file),
      ...unexplainedSilence(file),
    ]),
    ...roomCycles(files),
  ];
}

function importFaults(file: SourceFile, paths: ReadonlySet<string>): string[] {
  const from = roomOf(file.path);
  if (from === undefined || !isCode(file.path)) return [];
  if (!parses(file)) return [`${file.path}: it does not parse`];
  return importsOf(file).flatMap((specifier) => {
    const fault = specifier.startsWith('.')
      ? relativeFault(file.path, from, specifier, paths)
      : packageFault(file.path, from, specifier);
    return fault === undefined ? [] : [`${file.path}: ${fault}`];
  });
}

function relativeFault(
  path: string,
  from: RoomName,
  specifier: string,
  paths: ReadonlySet<string>,
): string | undefined {
  const target = resolve(path, specifier);
  if (!isCode(target)) return hasExtension(target) ? undefined : `'${specifier}' names no file`;
  const to = roomOf(target);
  if (to === undefined) {
    return isWorkshop(path) ? undefined : `'${specifier}' leads out of the rooms`;
  }
  if (!paths.has(target)) return `'${specifier}' is not there`;
  const inside = target.slice(to.length + 1);
  if (to === from) return barrelFault(path, to, inside, specifier);
  if (to === 'spec' && isTest(path)) return undefined;
  if (!known(path, from).includes(to)) return `${from} may not know ${to} ('${specifier}')`;
  const { door } = ROOMS[to];
  if (door === 'any file' || door.includes(inside)) return undefined;
  return `'${specifier}' goes past the door of ${to} (${door.join(', ') || 'it has none'})`;
}

function barrelFault(
  path: string,
  room: RoomName,
  inside: string,
  specifier: string,
): string | undefined {
  if (isTest(path) || inside !== 'index.ts' || ROOMS[room].door === 'any file') return undefined;
  return `'${specifier}' is the door of its own room: import the file itself`;
}

function packageFault(path: string, from: RoomName, specifier: string): string | undefined {
  const isForTests = isTest(path) || isWorkshop(path);
  if (isBuiltin(specifier)) {
    if (!specifier.startsWith('node:')) return `'${specifier}' is written 'node:${specifier}'`;
    return ROOMS[from].node || isForTests
      ? undefined
      : `${from} may not know Node ('${specifier}')`;
  }
  const name = packageName(specifier);
  if (ROOMS[from].packages.includes(name)) return undefined;
  if (isForTests && WORKSHOP_PACKAGES.includes(name)) return undefined;
  return `${from} may not use the package ${name}`;
}

function known(path: string, room: RoomName): readonly RoomName[] {
  const inside = path.slice(room.length + 1);
  const { knows, exceptions = [] } = ROOMS[room];
  const more = exceptions.filter((exception) => exception.file.test(inside));
  return [...knows, ...more.flatMap((exception) => exception.knows)];
}

function lengthFaults({ path, text }: SourceFile): string[] {
  const lines = text.trimEnd().split('\n').length;
  if (lines <= LONGEST_FILE || path in LONG_FILES) return [];
  return [`${path}: ${lines} lines, ${LONGEST_FILE} are allowed: find the seam and split it`];
}

function nameFaults({ path }: SourceFile): string[] {
  const names = path.split('/').map((part) => part.split('.')[0] ?? part);
  const empty = names.find((name) => EMPTY_NAMES.includes(name));
  return empty === undefined ? [] : [`${path}: '${empty}' says nothing of what is in it`];
}

/** The linter may be told to look away in one place, but only with the reason beside it. */
function unexplainedSilence({ path, text }: SourceFile): string[] {
  if (path.endsWith('.css')) return [];
  return parseSync(path, text)
    .comments.map((comment) => comment.value.trim())
    .filter((words) => /^(?:oxlint|eslint)-disable(?!.*\s--\s\S)/.test(words))
    .map((words) => `${path}: '${words}' lacks its reason ('-- because …')`);
}

/** Cycles in what is really imported, whatever the table says. */
function roomCycles(files: readonly SourceFile[]): string[] {
  const edges = new Map<RoomName, Set<RoomName>>();
  for (const file of files) {
    const from = roomOf(file.path);
    if (from === undefined || isTest(file.path) || !isCode(file.path)) continue;
    const known = edges.get(from) ?? new Set();
    edges.set(from, known);
    for (const specifier of importsOf(file)) {
      const to = specifier.startsWith('.') ? roomOf(resolve(file.path, specifier)) : undefined;
      if (to !== undefined && to !== from) known.add(to);
    }
  }
  const reaches = (from: RoomName, goal: RoomName, seen = new Set<RoomName>()): boolean =>
    [...(edges.get(from) ?? [])].some((next) => {
      if (next === goal) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, goal, seen);
    });
  return ROOM_NAMES.filter((room) => reaches(room, room)).map(
    (room) => `${room}: it knows itself by way of another room (a cycle)`,
  );
}

const parses = ({ path, text }: SourceFile): boolean => parseSync(path, text).errors.length === 0;

/** Import specifiers of every kind: import, export from, import(), type imports, new URL(…). */
export function importsOf({ path, text }: SourceFile): string[] {
  const { program } = parseSync(path, text);
  const found: string[] = [];
  visit(program, (node) => {
    const specifier = specifierOf(node);
    if (typeof specifier === 'string') found.push(specifier);
  });
  return found;
}

type Node = Readonly<Record<string, unknown>> & { readonly type: string };

function specifierOf(node: Node): unknown {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return literal(node['source'] ?? node['argument']);
    case 'NewExpression':
      return isModuleUrl(node) ? literal(list(node['arguments'])[0]) : undefined;
    default:
      return undefined;
  }
}

/** `new URL('./other.ts', import.meta.url)`, as worker threads are named. */
function isModuleUrl(node: Node): boolean {
  const [name, base] = list(node['arguments']);
  const callee = node['callee'];
  return (
    isNode(callee) &&
    callee['name'] === 'URL' &&
    isCode(String(literal(name))) &&
    isNode(base) &&
    isNode(base['object']) &&
    base['object'].type === 'MetaProperty'
  );
}

function visit(value: unknown, meet: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, meet);
  } else if (isNode(value)) {
    meet(value);
    for (const child of Object.values(value)) visit(child, meet);
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value;

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const literal = (value: unknown): unknown =>
  isNode(value) && value.type === 'Literal' ? value['value'] : undefined;

const roomOf = (path: string): RoomName | undefined =>
  ROOM_NAMES.find((room) => path.startsWith(`${room}/`));

const resolve = (path: string, specifier: string): string =>
  posix.join(posix.dirname(path), specifier.replace(/[?#].*$/, ''));

const packageName = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const hasExtension = (path: string): boolean => posix.extname(path) !== '';
const isCode = (path: string): boolean => /\.tsx?$/.test(path);
const isTest = (path: string): boolean => /\.(?:test|spec)\.tsx?$/.test(path);
const isWorkshop = (path: string): boolean => /^(?:spec|bench)\//.test(path);
