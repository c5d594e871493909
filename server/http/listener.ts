/** Hands Node's requests to the app, and answers in the wire's words those that cannot become one. */
import type { RequestListener } from 'node:http';
import { getRequestListener, RequestError } from '@hono/node-server';
import type { Hono } from 'hono';
import { ProblemError } from './problem.ts';

export function listenerOf(app: Hono, report: (error: unknown) => void): RequestListener {
  const listener = getRequestListener(app.fetch, {
    errorHandler(error) {
      // Sound HTTP, with an address or a host that is none: no route has seen it.
      const isOfRequest = error instanceof RequestError;
      if (!isOfRequest) report(error);
      const problem = isOfRequest
        ? new ProblemError('bad_request', { detail: 'the address or the host is none' })
        : new ProblemError('internal');
      const response = problem.toResponse();
      response.headers.set('X-Content-Type-Options', 'nosniff');
      return response;
    },
  });
  // It answers its own failures: there is nothing to wait for.
  return (incoming, outgoing) => void listener(incoming, outgoing);
}
