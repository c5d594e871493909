/** New ids, as a client makes them. */
import { randomBytes } from 'node:crypto';
import { uuidV7 } from '../core/index.ts';

export const uuid = (): string => uuidV7(Date.now(), randomBytes(10));
