/** What is known of this device's storage, and what is told of it. Pure. */

/**
 * Why the replica cannot be used: there is no room, the browser fails to open or to use it, a
 * connection of an older version of the app keeps it from being opened, or a newer one has left it in
 * a form that this one does not know.
 */
export type StorageFault = 'full' | 'failed' | 'blocked' | 'newer';

/** As the browser says it. */
export interface StorageFigures {
  /** Whether the browser has promised not to clear it by itself. */
  readonly persisted: boolean;
  /** Bytes, roughly: browsers blur them. */
  readonly usage: number;
  readonly quota: number;
}

export interface StorageState extends StorageFigures {
  /** So little is left that a large import, or a long time without a network, may not fit. */
  readonly nearlyFull: boolean;
  /** The browser was asked for that promise: it is asked once. */
  readonly asked: boolean;
}

/** A replica that the browser lost, and what was in it alone. */
export interface Lost {
  /** When that was noticed (wall time in ms). */
  readonly at: number;
  /** Ops that no server has, not sent yet or refused, as far as they were counted. */
  readonly pending: number;
}

/** Little in itself, and little of what there is. */
const LITTLE_BYTES = 50 * 1024 * 1024;
const LITTLE_SHARE = 0.1;

/** A tenth of a large quota is still plenty, and 50 MB may be all that a small one has. */
export const isNearlyFull = ({ usage, quota }: StorageFigures): boolean =>
  quota - usage < Math.min(LITTLE_BYTES, quota * LITTLE_SHARE);

export const storageStateOf = (figures: StorageFigures, asked: boolean): StorageState => ({
  ...figures,
  nearlyFull: isNearlyFull(figures),
  asked,
});
