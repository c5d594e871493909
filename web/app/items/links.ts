/** Links that people put on items. Shared lists hold what others wrote: no address may run a script. */

const SAFE = new Set(['http:', 'https:', 'mailto:', 'tel:']);
const LOOKS_LIKE_HOST = /^[\w-]+(?:\.[\w-]+)+(?:[/:?#]|$)/;

export interface SafeLink {
  readonly href: string;
  /** Where it leads, in a word. */
  readonly label: string;
}

/** Null for what cannot be opened safely, or is no address. */
export function safeLink(url: string | null | undefined): SafeLink | null {
  if (!url) return null;
  const text = url.trim();
  const parsed = parse(LOOKS_LIKE_HOST.test(text) ? `https://${text}` : text);
  if (!parsed || !SAFE.has(parsed.protocol)) return null;
  return { href: parsed.href, label: parsed.hostname.replace(/^www\./, '') || parsed.pathname };
}

function parse(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}
