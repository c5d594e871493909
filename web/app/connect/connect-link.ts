/** Connect links: `https://lists.example/#connect=<token>`. Pure. */

const MARK = 'connect=';
/** What a token may consist of; more than that is a slip of the clipboard. */
const TOKEN = /^[\w.~+/=-]{8,4096}$/;

/** The token in an address's fragment, if there is one. */
export function tokenIn(fragment: string): string | null {
  const token = fragment.replace(/^#/, '').startsWith(MARK)
    ? safeDecode(fragment.replace(/^#/, '').slice(MARK.length))
    : '';
  return TOKEN.test(token) ? token : null;
}

export type PastedLink =
  | { readonly kind: 'token'; readonly token: string }
  /** A good link, for another server than the one this app came from. */
  | { readonly kind: 'elsewhere'; readonly origin: string; readonly href: string }
  | { readonly kind: 'unreadable' };

/** What a person pasted: a link as it was printed, or the token alone. */
export function readLink(pasted: string, origin: string): PastedLink {
  const text = pasted.trim();
  const url = /^https?:/i.test(text) ? parse(text) : null;
  if (!url) return TOKEN.test(text) ? { kind: 'token', token: text } : { kind: 'unreadable' };
  const token = tokenIn(url.hash);
  if (token === null) return { kind: 'unreadable' };
  if (url.origin !== origin) return { kind: 'elsewhere', origin: url.origin, href: url.href };
  return { kind: 'token', token };
}

export const linkWith = (origin: string, token: string): string => `${origin}/#${MARK}${token}`;

function parse(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
