/** Holds one request of a device, the next that an address fits, until the test lets it go on. */
import type { BrowserContext, Route } from '@playwright/test';
import { signal } from './signal.ts';

export interface Held {
  /** Resolves when there is such a request. */
  readonly caught: Promise<void>;
  /** Lets it go on; resolves when it does, or when nobody wants it any more. */
  go(): Promise<void>;
}

export async function holdOne(context: BrowserContext, address: RegExp): Promise<Held> {
  const caught = signal<void>();
  const goOn = signal<void>();
  const over = signal<void>();
  await context.route(
    address,
    async (route: Route) => {
      caught.resolve();
      await goOn.promise;
      // Its worker may be gone, and the request with it.
      await route.continue().catch(() => undefined);
      over.resolve();
    },
    { times: 1 },
  );
  return {
    caught: caught.promise,
    go() {
      goOn.resolve();
      return over.promise;
    },
  };
}
