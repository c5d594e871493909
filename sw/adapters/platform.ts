/** The platform's own clock and chance. The one file that touches those globals. */
import type { ClockPort, RandomPort } from '../engine/ports.ts';

export const systemClock: ClockPort = {
  now: () => Date.now(),
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
};

export const systemRandom: RandomPort = {
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  fraction: () => Math.random(),
};
