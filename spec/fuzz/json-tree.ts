/**
 * JSON text as a tree that can say what a value cannot: a member twice, a number that no double
 * holds, a name that means something to the language. Mutated as a tree, sent as text.
 */
import type { Random } from '../support/random.ts';

export type Tree =
  | { readonly kind: 'object'; readonly members: (readonly [string, Tree])[] }
  | { readonly kind: 'array'; readonly items: Tree[] }
  /** The text of a scalar, as it is sent. */
  | { readonly kind: 'scalar'; readonly text: string };

export const scalar = (text: string): Tree => ({ kind: 'scalar', text });

export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { kind: 'array', items: value.map(treeOf) };
  if (typeof value !== 'object' || value === null) return scalar(JSON.stringify(value));
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => [name, treeOf(member)] as const);
  return { kind: 'object', members };
}

export function textOf(tree: Tree): string {
  switch (tree.kind) {
    case 'object':
      return `{${tree.members.map(([name, member]) => `${JSON.stringify(name)}:${textOf(member)}`).join(',')}}`;
    case 'array':
      return `[${tree.items.map(textOf).join(',')}]`;
    case 'scalar':
      return tree.text;
  }
}

const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'toJSON',
  '',
  '0',
  '-1',
  'length',
  'void',
  'v',
  'key',
  'limit',
  'error',
  '\ud800',
  'a\u0000b',
  'é',
  'n'.repeat(3000),
];

export const WEIRD_SCALARS = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1',
  '1.5',
  '0.1',
  '1e3',
  '1E400',
  '-1e999',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '18446744073709551616',
  '-9007199254740991',
  '1e-999',
  '0e0',
  '2147483648',
  '4294967296',
  `1${'0'.repeat(400)}`,
  'NaN',
  'Infinity',
  'undefined',
  '01',
  '+1',
  '.5',
  '0x10',
  "'a'",
  '1n',
  '""',
  '"a"',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '"\\ud83d\\ude00"',
  '"\\x"',
  '"__proto__"',
  '"constructor"',
  '"1"',
  '"e1"',
  '"[object Object]"',
  '"\u2028"',
  '"\u0007"',
  `"${'0'.repeat(32)}"`,
  `"${'x'.repeat(300)}"`,
  `"${'é'.repeat(3000)}"`,
  '{}',
  '[]',
  '[[]]',
  '{"a":{}}',
  '{"__proto__":null}',
  '{"__proto__":{"spaces":{}}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"then":1}',
  '',
];

/** One structural mutation somewhere in the tree. */
export function mutate(tree: Tree, random: Random): Tree {
  // A walk down from the root, that stops somewhere.
  if (tree.kind === 'object' && tree.members.length > 0 && random.chance(0.8)) {
    const at = random.below(tree.members.length);
    return {
      ...tree,
      members: tree.members.map(([name, member], i) => [
        name,
        i === at ? mutate(member, random) : member,
      ]),
    };
  }
  if (tree.kind === 'array' && tree.items.length > 0 && random.chance(0.8)) {
    const at = random.below(tree.items.length);
    return {
      ...tree,
      items: tree.items.map((item, i) => (i === at ? mutate(item, random) : item)),
    };
  }
  return replaced(tree, random);
}

function replaced(tree: Tree, random: Random): Tree {
  if (random.chance(0.15)) return wrapped(tree, random.pick([1, 2, 7, 8, 40, 3000]), random);
  if (random.chance(0.25)) return scalar(random.pick(WEIRD_SCALARS));
  switch (tree.kind) {
    case 'object':
      return { kind: 'object', members: otherMembers(tree.members, random) };
    case 'array':
      return { kind: 'array', items: otherItems(tree.items, random) };
    case 'scalar':
      return scalar(otherScalar(tree.text, random));
  }
}

/** As text: so deep a tree would be more than a walk over it can take. */
function wrapped(tree: Tree, levels: number, random: Random): Tree {
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"__proto__":', '}'],
  ] as const);
  return scalar(`${open.repeat(levels)}${textOf(tree)}${close.repeat(levels)}`);
}

type Members = readonly (readonly [string, Tree])[];

function otherMembers(members: Members, random: Random): (readonly [string, Tree])[] {
  const [name, member] = members[random.below(Math.max(1, members.length))] ?? ['a', scalar('1')];
  const rest = members.filter((each) => each[0] !== name);
  switch (random.below(6)) {
    case 0:
      return rest;
    case 1:
      return [...members, [name, mutate(member, random)]];
    case 2:
      return [[name, mutate(member, random)], ...members];
    case 3:
      return [...rest, [random.pick(NAMES), member]];
    case 4:
      return [...members, [random.pick(NAMES), scalar(random.pick(WEIRD_SCALARS))]];
    default:
      return [...members].reverse();
  }
}

function otherItems(items: readonly Tree[], random: Random): Tree[] {
  const item = items[random.below(Math.max(1, items.length))] ?? scalar('1');
  switch (random.below(5)) {
    case 0:
      return items.slice(1);
    case 1:
      return [...items, item];
    case 2:
      return [...items].reverse();
    case 3:
      return Array.from({ length: random.pick([2, 21, 500]) }, () => item);
    default:
      return [...items, scalar(random.pick(WEIRD_SCALARS))];
  }
}

function otherScalar(text: string, random: Random): string {
  const number = Number(text);
  if (text !== '' && Number.isFinite(number) && random.chance(0.6)) {
    return String(number + random.pick([-1, 1, 0.5, 2 ** 31, 2 ** 53, -number - 1]));
  }
  if (text.startsWith('"') && random.chance(0.6)) {
    const inside = text.slice(1, -1);
    const other = [inside.toUpperCase(), inside.slice(1), `${inside} `, `${inside}${inside}`, ''];
    return `"${random.pick(other)}"`;
  }
  return random.pick(WEIRD_SCALARS);
}
