import { createServer } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listenerOf } from './listener.ts';

const reports: unknown[] = [];
let server: ReturnType<typeof createServer>;
beforeEach(async () => {
  reports.length = 0;
  const app = new Hono();
  app.get('/', (c) => c.text('there'));
  const broken = { fetch: () => Promise.reject(new Error('secret')) } as unknown as Hono;
  const choose = (request: Request): Hono => (request.url.endsWith('/broken') ? broken : app);
  const both = { fetch: (request: Request) => choose(request).fetch(request) } as unknown as Hono;
  server = createServer(listenerOf(both, (error) => reports.push(error)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
});

/** What comes back for these lines of a head, until the server hangs up. */
async function heardBy(...lines: string[]): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write([...lines, 'Connection: close', '', ''].join('\r\n'));
  let heard = '';
  for await (const chunk of socket) heard += String(chunk);
  return heard.toLowerCase();
}

describe('a request that cannot become one', () => {
  it.each([
    ['no path', ['OPTIONS * HTTP/1.1', 'Host: x']],
    ['a backslash', ['GET /a\\b HTTP/1.1', 'Host: x']],
    ['a host that is none', ['GET / HTTP/1.1', 'Host: a b']],
    ['no host', ['GET / HTTP/1.0']],
  ])('[WI26] is a problem like any other: %s', async (_, lines) => {
    const heard = await heardBy(...lines);
    expect(heard).toMatch(/^http\/1\.1 400 /);
    expect(heard).toContain('content-type: application/problem+json\r\n');
    expect(heard).toContain('x-content-type-options: nosniff\r\n');
    expect(heard).toContain('"code":"bad_request"');
    expect(reports).toEqual([]);
  });

  it('[WI17] a fault that nobody caught is told by its code, and reported', async () => {
    const heard = await heardBy('GET /broken HTTP/1.1', 'Host: x');
    expect(heard).toMatch(/^http\/1\.1 500 /);
    expect(heard).toContain('"code":"internal"');
    expect(heard).not.toContain('secret');
    expect(reports).toEqual([new Error('secret')]);
  });

  it('leaves the others alone', async () => {
    expect(await heardBy('GET / HTTP/1.1', 'Host: x')).toMatch(/^http\/1\.1 200 /);
  });
});
