/** Sends JSON, compressed where that is wanted and worth it. Nothing of a sync is ever cached. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** Below this, the header of a gzip stream and the time for it cost more than they save. */
const WORTH_COMPRESSING = 1024;

const compress = promisify(gzip);

export async function replyJson(request: Request, value: unknown, status = 200): Promise<Response> {
  const text = JSON.stringify(value);
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    Vary: 'Accept-Encoding',
  };
  if (text.length < WORTH_COMPRESSING || !acceptsGzip(request)) {
    return new Response(text, { status, headers });
  }
  const body = await compress(text);
  return new Response(body, { status, headers: { ...headers, 'Content-Encoding': 'gzip' } });
}

/** `gzip` by name, or `*`, unless its weight is zero (RFC 9110, section 12.5.3). */
function acceptsGzip({ headers }: Request): boolean {
  const accepted = (headers.get('Accept-Encoding') ?? '').toLowerCase().split(',');
  const weights = new Map(
    accepted.map((item) => {
      const [name = '', weight] = item.split(';');
      return [name.trim(), weight === undefined || !/^\s*q=0(\.0*)?\s*$/.test(weight)] as const;
    }),
  );
  return weights.get('gzip') ?? weights.get('*') ?? false;
}
