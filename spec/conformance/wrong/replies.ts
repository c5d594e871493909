/** What is wrong about its HTTP. */
import { addressIn, answering, rewritten } from '../between.ts';
import type { WrongServer } from './wrong-server.ts';

export const replies: readonly WrongServer[] = [
  {
    wrong: 'its errors may be cached',
    check: 'nothing is cached, no answer and no error',
    make: () =>
      answering((response) => {
        const headers = new Headers(response.headers);
        if (!response.ok) headers.delete('Cache-Control');
        return new Response(response.body, { status: response.status, headers });
      }),
  },
  {
    wrong: 'its problems have no code',
    check: 'an error is application/problem+json with code, status and title',
    make: () =>
      answering(async (response) => {
        if (response.ok) return response;
        const { code: _, ...rest } = (await response.json()) as Record<string, unknown>;
        return rewritten(response, rest);
      }),
  },
  {
    wrong: 'its problems are plain JSON',
    check: 'an error is application/problem+json with code, status and title',
    make: () =>
      answering((response) => {
        const headers = new Headers(response.headers);
        if (!response.ok) headers.set('Content-Type', 'application/json');
        return new Response(response.body, { status: response.status, headers });
      }),
  },
  {
    wrong: 'it takes a body beyond the limit',
    check: 'a body beyond the limit is too_large, as sent and as inflated',
    make: () =>
      answering((response) =>
        response.status === 413 ? Response.json({ now: 0, spaces: {} }) : response,
      ),
  },
  {
    wrong: 'it takes any kind of body',
    check: 'any other kind of body is unsupported_media',
    make: () =>
      answering((response) =>
        response.status === 415 ? Response.json({ now: 0, spaces: {} }) : response,
      ),
  },
  {
    wrong: 'it takes a push for another account',
    check: 'a push of another account takes nothing',
    make: () => (ask) => (url, init) => {
      const isPush = addressIn(url).pathname === '/sync/push' && typeof init?.body === 'string';
      if (!isPush) return ask(url, init);
      const { account: _, ...push } = JSON.parse(init.body as string) as Record<string, unknown>;
      return ask(url, { ...init, body: JSON.stringify(push) });
    },
  },
];
