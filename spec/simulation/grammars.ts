/**
 * Which versions of the payload's grammar a device's app knows. The code is one for all devices of a
 * run, so what it knows is changed for as long as the turn of an older device lasts.
 */
import { PAYLOAD_VERSIONS } from '../../core/index.ts';

const ALL: readonly number[] = [...PAYLOAD_VERSIONS];

/** From here on the code knows the versions up to `newest`; with none, all. */
export function knowGrammars(newest = Infinity): void {
  const known = PAYLOAD_VERSIONS as number[];
  known.splice(0, known.length, ...ALL.filter((version) => version <= newest));
}
