/** A server and its devices for the length of a suite: what most tests of the whole path begin with. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { ServerOptions } from '../../server/index.ts';
import { createDevice, type Device, type DeviceOptions } from './device.ts';
import { listsConfig } from './lists-config.ts';
import { startServer, type TestServer } from './server.ts';

export interface Lab {
  readonly server: TestServer;
  /** A device of the tests' app, closed after the test. */
  device(options?: Partial<DeviceOptions>): Device;
  /** The name of an account that nobody has yet. */
  nextName(): string;
  /** A token of an account that no other has. */
  nextToken(): Promise<string>;
}

/** Registers the suite's own set-up and clean-up. The server is there once its tests run. */
export function openLab(options: Partial<ServerOptions> = {}): Lab {
  let server: TestServer | undefined;
  let users = 0;
  const devices: Device[] = [];

  beforeAll(async () => void (server = await startServer(options)));
  afterAll(() => server?.stop());
  afterEach(() => devices.splice(0).forEach((device) => device.close()));

  const nextName = () => `user-${users++}`;
  const running = (): TestServer => {
    if (!server) throw new Error('The server is there in tests, not while they are collected.');
    return server;
  };

  return {
    get server() {
      return running();
    },
    device(deviceOptions = {}) {
      const device = createDevice({ config: listsConfig, ...deviceOptions });
      devices.push(device);
      return device;
    },
    nextName,
    nextToken: () => running().tokenFor(nextName()),
  };
}
