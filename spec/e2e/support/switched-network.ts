/**
 * A device's own way to the server, which can be cut and mended. It is a plain pipe in front of the
 * server, so that it holds for a worker as for a page, from the browser's first moment on, and says
 * nothing to the browser but that connections break: `navigator.onLine` stays true, as behind a
 * router that has lost its line.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface SwitchedNetwork {
  readonly port: number;
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function openSwitchedNetwork(serverUrl: string): Promise<SwitchedNetwork> {
  const { hostname, port } = new URL(serverUrl);
  const open = new Set<Socket>();
  let isCut = false;

  const pipe = createServer((near) => {
    if (isCut) return void near.resetAndDestroy();
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      // Whichever end goes takes the other along; how it went is of no interest to anyone.
      socket
        .on('error', () => undefined)
        .on('close', () => {
          open.delete(socket);
          other.destroy();
        });
      socket.pipe(other);
    }
  });
  pipe.listen(0, '127.0.0.1');
  await once(pipe, 'listening');

  function cut(): void {
    isCut = true;
    for (const socket of open) socket.resetAndDestroy();
  }

  return {
    port: (pipe.address() as AddressInfo).port,
    cut,
    mend: () => void (isCut = false),
    async close() {
      const closed = once(pipe, 'close');
      pipe.close();
      cut();
      await closed;
    },
  };
}
