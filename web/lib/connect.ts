/** Opens an app's database: picks the host and puts the parts together. */
import type { Db, Options } from './api.ts';
import { OffingError } from './errors.ts';
import type { Collections } from './schema.ts';

export function connect<const C extends Collections>(options: Options<C>): Db<C> {
  throw new OffingError('unreachable', `no host yet for ${options.name}`);
}
