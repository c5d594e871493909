/** Stands between a check and a server, and changes what is asked or what is told. */
import type { Target } from '../../conformance/index.ts';

export type Fetch = NonNullable<Target['fetch']>;

export interface SentOp {
  readonly clock: number;
  readonly [member: string]: unknown;
}

export interface Asked {
  readonly actor: string;
  readonly since: number;
  readonly epoch?: string;
  readonly digest?: string;
  readonly create?: boolean;
  readonly limit?: number;
  readonly whole?: boolean;
  readonly acksOnly?: boolean;
  readonly have?: { readonly from: number; readonly to: number };
  readonly ops?: readonly SentOp[];
}

export interface Told {
  readonly error?: { readonly code: string };
  readonly head: number;
  readonly acked: number;
  readonly refused: readonly { readonly clock: number }[];
  readonly ops: readonly (SentOp & { readonly actor: string; readonly seq: number })[];
  readonly digest: string;
  readonly more: boolean;
}

export interface Push {
  readonly account?: string;
  readonly spaces: Readonly<Record<string, Asked>>;
}

/** Asks the server itself, by the same token, as the one asked would have. */
export type AskFor = (space: string, asked: Asked) => Promise<Told>;

export interface Wrong {
  /** What the server makes of a push. */
  asked?(asked: Asked, space: string, askFor: AskFor): Asked | Promise<Asked>;
  /** What it says of a space, to a push and to a pull; a pull has no `asked`. */
  told?(told: Told, asked: Asked | null, space: string, askFor: AskFor): Told | Promise<Told>;
}

/** A server that is wrong about one space at a time. */
export function wrongly({ asked, told }: Wrong): (ask: Fetch) => Fetch {
  return (ask) => async (url, init) => {
    const path = addressIn(url).pathname;
    const push = path === '/sync/push' ? pushIn(init?.body) : null;
    if (!push && path !== '/sync/pull') return ask(url, init);

    const askFor: AskFor = async (space, question) => {
      const body = JSON.stringify({ spaces: { [space]: question } });
      const response = await ask(new URL('/sync/push', addressIn(url)), {
        ...init,
        method: 'POST',
        body,
        headers: {
          ...(init?.headers as Record<string, string>),
          'Content-Type': 'application/json',
        },
      });
      return ((await response.json()) as { spaces: Record<string, Told> }).spaces[space] as Told;
    };
    const spaces = await mapped(push?.spaces ?? {}, (each, space) =>
      asked ? asked(each, space, askFor) : each,
    );
    const body = push ? { body: JSON.stringify({ ...push, spaces }) } : {};
    const response = await ask(url, { ...init, ...body });
    if (!told || response.status !== 200) return response;
    const reply = (await response.json()) as { spaces: Record<string, Told> };
    const answers = await mapped(reply.spaces, (each, space) =>
      told(each, push?.spaces[space] ?? null, space, askFor),
    );
    return rewritten(response, { ...reply, spaces: answers });
  };
}

/** A server whose answers are wrong in another way than about a space. */
export const answering =
  (change: (response: Response, path: string) => Response | Promise<Response>) =>
  (ask: Fetch): Fetch =>
  async (url, init) => {
    const response = await ask(url, init);
    return change(response, addressIn(url).pathname);
  };

/** A server that takes one token for another. */
export const mistaking =
  (token: string, forToken: string) =>
  (ask: Fetch): Fetch =>
  (url, init) => {
    const headers = { ...(init?.headers as Record<string, string>) };
    const isIt = headers['Authorization'] === `Bearer ${token}`;
    return ask(
      url,
      isIt ? { ...init, headers: { ...headers, Authorization: `Bearer ${forToken}` } } : init,
    );
  };

export const addressIn = (url: Parameters<Fetch>[0]): URL =>
  new URL(url instanceof Request ? url.url : url);

export function rewritten({ status, headers }: Response, body: unknown): Response {
  const kept = new Headers(headers);
  for (const name of ['Content-Encoding', 'Content-Length']) kept.delete(name);
  return new Response(JSON.stringify(body), { status, headers: kept });
}

async function mapped<T, U>(
  record: Readonly<Record<string, T>>,
  change: (value: T, name: string) => U | Promise<U>,
): Promise<Record<string, U>> {
  const entries: [string, U][] = [];
  for (const [name, value] of Object.entries(record))
    entries.push([name, await change(value, name)]);
  return Object.fromEntries(entries);
}

/** The push in a body; null if it is not of that form, which is for the server to say. */
function pushIn(body: unknown): Push | null {
  try {
    const push = JSON.parse(String(body)) as Push;
    const isPush = Object.values(push.spaces).every(({ ops }) => !ops || Array.isArray(ops));
    return isPush ? push : null;
  } catch {
    return null;
  }
}
