/** Asks the app in this process, and reads its answer to the end; of a stream, to its first event. */
import * as zlib from 'node:zlib';
import type { FuzzRequest } from './fuzz-request.ts';
import type { Answer } from './judge.ts';
import type { World } from './world.ts';

/** Null where the platform's own Request cannot say it: the sockets say that. */
export async function askApp({ server }: World, request: FuzzRequest): Promise<Answer | null> {
  const sent = platformRequest(request);
  return sent && answerOf(await server.app.fetch(sent));
}

function platformRequest({ method, target, headers, body }: FuzzRequest): Request | null {
  const hasBody = body !== null && method !== 'GET' && method !== 'HEAD';
  try {
    return new Request(`http://localhost${target}`, {
      method,
      headers: headers.map(([name, value]) => [name, value] as [string, string]),
      ...(hasBody ? { body: new Uint8Array(body) } : {}),
    });
  } catch {
    return null;
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const { status, headers } = response;
  if (headers.get('Content-Type') === 'text/event-stream' && response.body) {
    const reader = response.body.getReader();
    const { value } = await reader.read();
    await reader.cancel();
    return { status, headers, text: new TextDecoder().decode(value) };
  }
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status, headers, text: decoded(bytes, headers.get('Content-Encoding')) };
}

// Not in the zlib of every Node that Offing runs on; a server without it does not answer with it.
const { zstdDecompressSync = zlib.gunzipSync } = zlib as {
  zstdDecompressSync?: typeof zlib.gunzipSync;
};

export function decoded(bytes: Buffer, coding: string | null): string {
  switch (bytes.length > 0 ? coding : null) {
    case 'gzip':
      return zlib.gunzipSync(bytes).toString();
    case 'deflate':
      return zlib.inflateSync(bytes).toString();
    case 'br':
      return zlib.brotliDecompressSync(bytes).toString();
    case 'zstd':
      return zstdDecompressSync(bytes).toString();
    default:
      return bytes.toString();
  }
}
