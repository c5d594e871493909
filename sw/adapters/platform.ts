/** The platform's own clock, chance and hash. The one file that touches those globals. */
import { sha256 } from '@noble/hashes/sha2.js';
import type { Sha256 } from '../../core/index.ts';
import type { ClockPort, RandomPort } from '../engine/ports.ts';

export const systemClock: ClockPort = {
  now: () => Date.now(),
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
};

export const systemRandom: RandomPort = {
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  fraction: () => Math.random(),
};

/** Synchronous, because it runs inside a transaction, where WebCrypto's promise would end it. */
export const systemSha256: Sha256 = (bytes) => sha256(bytes);
