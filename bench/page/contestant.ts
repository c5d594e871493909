/**
 * What a contestant does in the page. Each is one file, `peers/NAME.page.ts`, that exports
 * `contestant`: written as its own documentation shows it, with its defaults, and nothing clever.
 */
import type { Item } from './item.ts';

export interface Contestant {
  /** Opens what is on this device, or begins it. Nothing is sent or fetched before `connect`. */
  open(place: Place): Promise<void>;
  /** One write of its own; resolves when the contestant says that it is written. */
  add(item: Item): Promise<unknown>;
  /** All of them in whatever it calls a batch; resolves likewise. */
  addBatch(items: readonly Item[]): Promise<unknown>;
  /** Resolves when all that was written is in IndexedDB. Left out where `add` already says so. */
  durable?(): Promise<void>;
  /** Resolves when what was written is in its tables, where many at once are said to be durable before. */
  inTables?(): Promise<unknown>;
  /** Resolves when this device has nothing more to do; left out where it never has once all is sent. */
  atRest?(): Promise<void>;
  /** How many items can be read here. */
  count(): Promise<number>;
  /** One of them. Left out where to count them costs no more. */
  get?(id: string): Promise<Item | undefined>;
  all(): Promise<readonly Item[]>;
  /** Left out where it has no sync, as are the two below. */
  connect?(): Promise<void>;
  edit?(id: string, title: string): Promise<unknown>;
  /** Calls `heard` with each title that came from elsewhere, once it is kept here as well as ever. */
  watch?(heard: (title: string) => void): Promise<void>;
}

export interface Place {
  /** Where its server is: this page's own origin. */
  readonly url: string;
  /** What its server gave out for a device to join with, or nothing. */
  readonly token: string;
}
