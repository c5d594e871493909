/**
 * How much a drain puts in one request. One that the server refuses whole is cut in half again and
 * again, until a single op is left; if a request without that op goes through, the op is at fault: it
 * is set aside and its clock given up. After a time-out the next request is half as large too.
 *
 *   refused ─► half ─► … ─► one op ─► none (a probe) ─ goes through ─► the op was at fault
 *                                                     └ refused ─────► it was not: fewer spaces, or wait
 */
import {
  afterSuccess,
  afterTimeout,
  DEFAULT_LIMITS,
  isSplittable,
  type Clock,
  type Failure,
  type RowOutcome,
  type SpaceId,
} from '../../core/index.ts';
import type { Outgoing, RequestBounds } from './outgoing.ts';
import type { Ports } from './ports.ts';
import { setAsideOne } from './set-aside-one.ts';

export interface Sizing {
  readonly bounds: Bounds;
  /** Of what follows on `outgoing`, if that goes through. */
  boundsAfter(outgoing: Outgoing): Bounds;
  /** What the next drain may begin with; undefined: as much as fits. */
  readonly most: number | undefined;
  /** Whether the same can be tried again at once, in a smaller request. */
  failed(ports: Ports, outgoing: Outgoing, failure: Failure): Promise<boolean>;
  /** What became of an op that turned out to be at fault. */
  succeeded(ports: Ports, outgoing: Outgoing): Promise<readonly RowOutcome[]>;
}

type Bounds = Pick<RequestBounds, 'ops' | 'spaces'>;

interface Suspect {
  readonly space: SpaceId;
  readonly clock: Clock;
  readonly code: string;
}

const NO_BOUND = Infinity;

export function createSizing(begin: number | undefined): Sizing {
  let most = begin;
  let spaces = NO_BOUND;
  let suspect: Suspect | undefined;

  function shrink({ count, request, carried }: Outgoing, code: string): boolean {
    const [only, ...others] = Object.keys(request.spaces);
    if (count > 1) {
      most = afterTimeout(count);
    } else if (count === 1) {
      const [first] = carried;
      const isVoid = first && isVoidOnly(request, first[0]);
      if (!first || isVoid) return false;
      suspect = { space: first[0], clock: first[1], code };
    } else {
      // Not even without an op: none is at fault.
      suspect = undefined;
      if (only === undefined || others.length === 0) return false;
      spaces = Math.ceil((others.length + 1) / 2);
    }
    return true;
  }

  const grown = ({ count }: Outgoing): number | undefined =>
    most !== undefined && count >= most ? afterSuccess(most, DEFAULT_LIMITS) : most;

  return {
    boundsAfter: (outgoing) => ({ ops: grown(outgoing) ?? NO_BOUND, spaces }),
    get bounds() {
      return { ops: suspect ? 0 : (most ?? NO_BOUND), spaces };
    },
    get most() {
      return most;
    },
    async failed(_ports, outgoing, failure) {
      if (failure.kind === 'network' && failure.why === 'timeout' && outgoing.count > 0) {
        most = afterTimeout(outgoing.count);
        return false;
      }
      return failure.kind === 'refused' && isSplittable(failure) && shrink(outgoing, failure.code);
    },
    async succeeded(ports, outgoing) {
      if (suspect) {
        const outcomes = await setAsideOne(ports, suspect);
        suspect = undefined;
        return outcomes;
      }
      most = grown(outgoing);
      return [];
    },
  };
}

const isVoidOnly = ({ spaces }: Outgoing['request'], space: SpaceId): boolean =>
  spaces[space]?.ops?.every((op) => 'void' in op) ?? false;
