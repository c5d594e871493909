/** A log's next generation. */
import { randomBytes } from 'node:crypto';
import { asEpoch, toHex } from '../core/index.ts';
import type { Epoch } from '../core/index.ts';

const BYTES = 8;

/** One that no log ever had. */
export const newEpoch = (random: (bytes: number) => Uint8Array = randomBytes): Epoch =>
  asEpoch(toHex(random(BYTES)));
