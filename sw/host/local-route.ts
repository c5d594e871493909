/** The fetch door: `POST /sync/local`, open to any code of the page. */
import { PROTOCOL_VERSION, type HostErrorCode, type HostReply } from '../../core/index.ts';
import type { Engine } from '../engine/create-engine.ts';
import { answer } from '../engine/answer.ts';

const PATH = '/sync/local';

export const isLocalRequest = (request: Request): boolean =>
  request.method === 'POST' && new URL(request.url).pathname === PATH;

/** Errors as `application/problem+json` (RFC 9457) with a status a fetch user expects. */
const STATUS: Record<HostErrorCode, number> = {
  bad_request: 400,
  bad_op: 422,
  too_large: 413,
  no_such_record: 404,
  ambiguous_record: 409,
  not_set_aside: 409,
  already_resolved: 409,
  not_former: 409,
  forbidden: 403,
  not_configured: 409,
  not_connected: 409,
  wrong_account: 409,
  auth_failed: 401,
  unreachable: 502,
  space_deleted: 410,
  storage_full: 507,
  storage_failed: 500,
  storage_blocked: 503,
  storage_newer: 503,
  internal: 500,
};

export async function serveLocal(engine: Engine, event: FetchEvent): Promise<Response> {
  let body: unknown;
  try {
    body = await event.request.json();
  } catch {
    return respond({ type: 'error', code: 'bad_request', detail: 'The body is not JSON.' });
  }
  return respond(await answer(engine, body, (work) => event.waitUntil(work)));
}

function respond(reply: HostReply): Response {
  if (reply.type !== 'error') {
    return Response.json(reply, {
      status: reply.type === 'accepted' ? 202 : 200,
      headers: HEADERS,
    });
  }
  const { code, detail } = reply;
  return new Response(JSON.stringify({ status: STATUS[code], title: code, code, detail }), {
    status: STATUS[code],
    headers: { ...HEADERS, 'Content-Type': 'application/problem+json' },
  });
}

const HEADERS = { 'Cache-Control': 'no-store', 'Offing-Protocol': String(PROTOCOL_VERSION) };
