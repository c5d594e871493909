/** How long the server waits for a request to arrive: a connection is held by who uses it. */
import type { ServerOptions } from 'node:http';

export interface Deadlines {
  /** For the head of a request. */
  readonly headersMs: number;
  /** For the whole of its body, however it trickles. */
  readonly bodyMs: number;
  /** For the next bytes of its body. */
  readonly stallMs: number;
}

/** A full request of 2 MiB in two minutes is what the slowest of mobile networks manage. */
export const DEFAULT_DEADLINES: Deadlines = {
  headersMs: 15_000,
  bodyMs: 120_000,
  stallMs: 20_000,
};

const LOOK_EVERY_MS = 5000;

/**
 * Node's own time-outs, which answer a bare 408. That of the whole request is the last resort, for
 * a body that no route reads; those that are read are ended with a problem before it.
 */
export const timeoutsOf = ({ headersMs, bodyMs }: Deadlines): ServerOptions => ({
  headersTimeout: headersMs,
  requestTimeout: headersMs + bodyMs + LOOK_EVERY_MS,
  connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, headersMs),
});
