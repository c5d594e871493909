/**
 * The inside of a Markdown line: escapes and links. Whatever `encode` writes, `decode` reads back
 * to the letter; emphasis and code stay as they are typed, since titles are plain text here.
 */

const PUNCTUATION = '!-/:-@[-`{-~';
const ESCAPED = new RegExp(
  String.raw`\\([${PUNCTUATION.replace('[-`', '\\[-`')}])|&#(\d{1,7});|&#[xX]([\da-fA-F]{1,6});|&(amp|lt|gt|quot|apos|nbsp);`,
  'g',
);
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00A0',
};

export function decode(text: string): string {
  return text.replace(ESCAPED, (whole, char, decimal, hex, name) => {
    if (char !== undefined) return char;
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** For one line: breaks and white space at its ends become entities, so that nothing trims them. */
export function encode(text: string): string {
  return text
    .replace(/[\\[\]<]|&(?=#|[a-z]+;)/g, String.raw`\$&`)
    .replace(/[\r\n]|^\s+|\s+$/g, entities);
}

function entities(chars: string): string {
  return Array.from(chars, (char) => `&#${char.codePointAt(0)};`).join('');
}

export function encodeUrl(url: string): string {
  if (/^[^\s<>()[\]\\&]+$/.test(url)) return url;
  return `<${encode(url).replaceAll('>', String.raw`\>`)}>`;
}

export interface Link {
  readonly label: string;
  readonly url: string;
  /** Where it stands in the line; `end` is behind it. */
  readonly start: number;
  readonly end: number;
}

/** The links of a line, outermost only; pictures are no links. */
export function linksIn(line: string): Link[] {
  const links: Link[] = [];
  let at = 0;
  while (at < line.length) {
    const link = line[at] === '[' && line[at - 1] !== '!' ? linkAt(line, at) : undefined;
    if (link) links.push(link);
    at = link ? link.end : at + (line[at] === '\\' ? 2 : 1);
  }
  return links;
}

function linkAt(line: string, start: number): Link | undefined {
  const labelEnd = closing(line, start, '[', ']');
  if (labelEnd === undefined || line[labelEnd + 1] !== '(') return undefined;
  const target = targetAt(line, labelEnd + 2);
  if (!target) return undefined;
  return { label: decode(line.slice(start + 1, labelEnd)), ...target, start };
}

/** `url`, `<url>`, either with a "title", up to the bracket that closes. */
function targetAt(line: string, from: number): { url: string; end: number } | undefined {
  const angled = /^<((?:\\.|[^\\<>])*)>/.exec(line.slice(from));
  if (angled) {
    const end = /^\s*\)/.exec(line.slice(from + angled[0].length));
    if (!end) return undefined;
    return { url: decode(angled[1] ?? ''), end: from + angled[0].length + end[0].length };
  }
  const end = closing(line, from - 1, '(', ')');
  if (end === undefined) return undefined;
  const inside = /^\s*(\S*)(?:\s+["'(].*)?\s*$/.exec(line.slice(from, end));
  return inside ? { url: decode(inside[1] ?? ''), end: end + 1 } : undefined;
}

/** Where the bracket at `start` is closed; escaped ones do not count. */
function closing(line: string, start: number, open: string, close: string): number | undefined {
  let level = 0;
  for (let at = start; at < line.length; at++) {
    const char = line[at];
    if (char === '\\') at++;
    else if (char === open) level++;
    else if (char === close && --level === 0) return at;
  }
  return undefined;
}
