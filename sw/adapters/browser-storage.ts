/** The browser's own figures of this origin's storage, in a worker and in a page alike. */
import type { StoragePort } from '../engine/ports.ts';

/** Null at a plain http address, and where the browser does not say all of it. */
export const browserStorage: StoragePort = {
  async figures() {
    // Of secure contexts only, whatever the types say.
    const { storage } = navigator as { readonly storage?: Partial<StorageManager> };
    if (!storage?.estimate || !storage.persisted) return null;
    const [{ usage, quota }, persisted] = await Promise.all([
      storage.estimate(),
      storage.persisted(),
    ]);
    return usage === undefined || quota === undefined ? null : { usage, quota, persisted };
  },
};
