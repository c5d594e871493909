/** Web Locks as a page holds them, in the way of a worker of its origin. */
import type { Page } from '@playwright/test';

/** The lock under which a worker sends, as the browser knows it. */
export const DRAIN_LOCK = 'offing:offing:drain';

declare global {
  /** Lets go of the lock that this page holds. */
  var letGo: () => void;
}

/** Holds a lock of the origin in the page, until `letGoOf`. */
export const holdLock = (page: Page, lock: string): Promise<void> =>
  page.evaluate(
    (name) =>
      new Promise<void>((held) => {
        void navigator.locks.request(name, () => {
          held();
          return new Promise<void>((letGo) => (globalThis.letGo = letGo));
        });
      }),
    lock,
  );

/** Whether somebody stands in line for a lock. */
export const waitingFor = (page: Page, lock: string): Promise<boolean> =>
  page.evaluate(
    async (name) =>
      (await navigator.locks.query()).pending?.some((one) => one.name === name) ?? false,
    lock,
  );

export const letGoOf = (page: Page): Promise<void> => page.evaluate(() => globalThis.letGo());
