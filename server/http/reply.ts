/** Sends JSON, compressed where that is wanted and worth it. Nothing of a sync is ever cached. */
import { chooseCoding, encode } from './encoding.ts';

/** Below this, the frame of a compressed answer and the time for it cost more than they save. */
const WORTH_COMPRESSING = 1024;

export async function replyJson(request: Request, value: unknown, status = 200): Promise<Response> {
  const text = JSON.stringify(value);
  const headers = {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    Vary: 'Accept-Encoding',
  };
  const isWorthIt = text.length >= WORTH_COMPRESSING;
  const coding = isWorthIt ? chooseCoding(request.headers.get('Accept-Encoding')) : null;
  if (!coding) return new Response(text, { status, headers });
  const body = await encode(text, coding);
  return new Response(body, { status, headers: { ...headers, 'Content-Encoding': coding } });
}
