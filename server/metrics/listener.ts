/** `/metrics`, on a port of its own: figures are for who runs the server, not for who uses it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';

export interface MetricsOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host?: string;
}

export interface MetricsListener {
  readonly url: string;
  close(): void;
}

export async function listenForMetrics(
  metrics: Pick<Metrics, 'text' | 'contentType'>,
  { port, host = '127.0.0.1' }: MetricsOptions,
): Promise<MetricsListener> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics' || request.method !== 'GET') {
      response.writeHead(404).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { 'Content-Type': metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  const at = (server.address() as AddressInfo).port;
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${name}:${at}/metrics`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
