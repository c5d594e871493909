/** A page on a device in Node: the real page library, with that device's real engine as its host. */
import type { ParsedPageRequest } from '../../core/index.ts';
import type { Collections, Schema } from '../../web/lib/index.ts';
import { configOfPage, openTestPage, type TestPage } from '../../web/lib/test-page.ts';
import { createDevice, type Device, type DeviceOptions } from './device.ts';

export interface Page<C extends Collections> extends TestPage<C> {
  readonly device: Device;
  /** Another tab of the same device, perhaps of another version of the app. */
  another(schema?: Schema<C>): Page<C>;
  /** Resolves when nothing that a request set off is under way. */
  settled(): Promise<void>;
  close(): void;
}

let devices = 0;

/** A device and a page on it. The global IndexedDB holds its database, under a name of its own. */
export function openPage<const C extends Collections>(
  schema: Schema<C>,
  options: Omit<DeviceOptions, 'config'> = {},
): Page<C> {
  const name = `page-${(devices += 1)}`;
  const config = configOfPage(name, schema);
  const device = createDevice({ listens: false, indexedDB, ...options, config });
  return pageOn(device, name, schema);
}

function pageOn<C extends Collections>(device: Device, name: string, schema: Schema<C>): Page<C> {
  const underWay = new Set<Promise<unknown>>();
  const follow = (work: Promise<unknown>) => {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };
  const page = openTestPage(name, schema, {
    async ask(request) {
      const handled = device.engine.handle(request as ParsedPageRequest);
      follow(handled);
      const { reply, afterwards } = await handled;
      if (afterwards) follow(afterwards);
      return reply;
    },
    onNotice: (fn) => device.onNotice(fn),
  });
  return {
    ...page,
    device,
    another: (other = schema) => pageOn(device, name, other),
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    close() {
      page.db.close();
      device.close();
    },
  };
}
