/**
 * JSON into lists: our own export to the letter, and what other programs commonly write (lists or
 * items at the top, `name` or `text` for a title, `completed` for done, nested `children`). What it
 * cannot take it names by its path.
 */
import { jsonFaultAt } from './json-fault.ts';
import { itemOf, storable, type Parsed, type TransferItem, type TransferList } from './model.ts';
import { UnreadableImport } from './model.ts';
import { JSON_VERSION } from './write-json.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type JsonObject = { [name: string]: Json };

const TITLE = ['title', 'name', 'text', 'content', 'task', 'summary'];
const NOTE = ['note', 'notes', 'description'];
const URL = ['url', 'link', 'href'];
const DONE = ['done', 'checked', 'completed', 'isCompleted'];
const DEPTH = ['depth', 'indent', 'level'];
const ITEMS = ['items', 'tasks', 'todos'];
const CHILDREN = ['children', 'items', 'subtasks'];

export function parseJson(text: string, fallbackTitle: string): Parsed {
  const root = parse(storable(text));
  if (Array.isArray(root)) return { lists: readTop(root, '', fallbackTitle), skipped: [] };
  if (!isObject(root)) throw fault('', 'an object or an array', root);
  const version = root['version'];
  if (root['format'] === 'offing-lists' && typeof version === 'number' && version > JSON_VERSION) {
    throw new UnreadableImport(
      'This file was written by a newer version of this app. Reload the app to update it.',
    );
  }
  const lists = root['lists'];
  if (lists === undefined) return { lists: [readList(root, '', fallbackTitle)], skipped: [] };
  if (!Array.isArray(lists)) throw fault('lists', 'an array', lists);
  return { lists: lists.map((list, i) => readList(list, `lists[${i}]`, '')), skipped: [] };
}

/** An array at the top: of lists when each has items of its own, else of the items of one list. */
function readTop(root: Json[], path: string, title: string): TransferList[] {
  const isLists = root.length > 0 && root.every((entry) => isObject(entry) && first(entry, ITEMS));
  if (isLists) return root.map((entry, i) => readList(entry, `${path}[${i}]`, ''));
  return [{ title, items: readItems(root, path, 0) }];
}

function readList(value: Json, path: string, fallbackTitle: string): TransferList {
  if (Array.isArray(value)) return { title: fallbackTitle, items: readItems(value, path, 0) };
  if (!isObject(value)) throw fault(path, 'a list', value);
  const items = first(value, ITEMS);
  if (!items) throw new UnreadableImport(`${place(path)}there are no items in this list.`);
  if (!Array.isArray(items.value)) throw fault(join(path, items.name), 'an array', items.value);
  return {
    title: readText(value, TITLE, path) ?? fallbackTitle,
    items: readItems(items.value, join(path, items.name), 0),
  };
}

function readItems(values: Json[], path: string, depth: number): TransferItem[] {
  return values.flatMap((value, i) => readItem(value, `${path}[${i}]`, depth));
}

function readItem(value: Json, path: string, depth: number): TransferItem[] {
  if (typeof value === 'string') return [itemOf({ title: value, depth })];
  if (!isObject(value)) throw fault(path, 'an item', value);
  const title = readText(value, TITLE, path);
  const url = readText(value, URL, path);
  if (title === undefined && url === undefined) {
    throw new UnreadableImport(`${place(path)}this item has no title.`);
  }
  const ownDepth = depth + readDepth(value, path);
  const item = itemOf({
    title: title ?? url ?? '',
    note: readText(value, NOTE, path),
    url,
    done: readDone(value, path),
    depth: ownDepth,
  });
  const children = first(value, CHILDREN);
  if (!children || children.value === null) return [item];
  const childPath = join(path, children.name);
  if (!Array.isArray(children.value)) throw fault(childPath, 'an array', children.value);
  return [item, ...readItems(children.value, childPath, ownDepth + 1)];
}

function readText(value: JsonObject, names: readonly string[], path: string): string | undefined {
  const found = first(value, names);
  if (!found || found.value === null) return undefined;
  if (typeof found.value === 'number') return String(found.value);
  if (typeof found.value !== 'string') throw fault(join(path, found.name), 'a text', found.value);
  return found.value;
}

function readDone(value: JsonObject, path: string): boolean {
  const found = first(value, DONE);
  if (!found || found.value === null) return false;
  if (typeof found.value === 'boolean') return found.value;
  if (found.value === 0 || found.value === 1) return found.value === 1;
  throw fault(join(path, found.name), 'true or false', found.value);
}

function readDepth(value: JsonObject, path: string): number {
  const found = first(value, DEPTH);
  if (!found || found.value === null) return 0;
  const depth = found.value;
  if (typeof depth === 'number' && Number.isInteger(depth) && depth >= 0) return depth;
  throw fault(join(path, found.name), 'a whole number from 0', depth);
}

function first(value: JsonObject, names: readonly string[]) {
  const name = names.find((candidate) => Object.hasOwn(value, candidate));
  return name === undefined ? undefined : { name, value: value[name] ?? null };
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
const place = (path: string): string => (path === '' ? '' : `${path}: `);

function fault(path: string, wanted: string, got: Json): UnreadableImport {
  const shown = JSON.stringify(got);
  const clipped = shown.length > 40 ? `${shown.slice(0, 39)}…` : shown;
  return new UnreadableImport(`${place(path)}expected ${wanted}, found ${clipped}`);
}

function parse(text: string): Json {
  const json = text.replace(/^\uFEFF/, '');
  const at = jsonFaultAt(json);
  if (at === null) return JSON.parse(json) as Json;
  const before = json.slice(0, at).split('\n');
  const column = (before.at(-1) ?? '').length + 1;
  throw new UnreadableImport(`This is not JSON (line ${before.length}, column ${column}).`);
}
