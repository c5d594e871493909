/**
 * Sends writes to the host in the order of the calls, each with what its author had seen. Doesn't
 * wait for answers in between: the host keeps the order that it is asked in.
 */
import { coalesce, type FormerRef, type OpRef, type OpRequest } from '../../core/index.ts';
import type { Environment } from './environment.ts';
import { OffingError } from './errors.ts';
import type { Followed } from './fates.ts';
import { whenInView } from './in-view.ts';
import type { View } from './seen.ts';
import type { Session } from './session.ts';

export interface Plan {
  /** The spaces it is known to touch; undefined if the host is to find one. */
  readonly spaces: ReadonlySet<string> | undefined;
  /** The ops, or how to make them of what is in the tables. */
  readonly ops: readonly OpRequest[] | (() => Promise<readonly OpRequest[]>);
  /** Ops that were set aside, which it takes the place of. */
  readonly instead?: readonly OpRef[];
  /** What records had in a former history, to bring back beside no other op. */
  readonly former?: readonly FormerRef[];
}

/** A write that is durable here. */
export interface Written extends Followed {
  /** Resolves when it is in the tables. */
  readonly inView: Promise<void>;
}

export type Write = (plan: Plan) => Promise<Written>;

const NOTHING_SEEN: View = { seen: {}, rebuilt: {} };

export function createWriter(
  { seen, fates, greeted, ask }: Session,
  environment: Pick<Environment, 'after'>,
): Write {
  /** Settles when all earlier writes are on their way. */
  let sent: Promise<unknown> = Promise.resolve();
  const unanswered = new Set<Promise<unknown>>();
  /** A thousand writes that went ahead together wait together for their records. */
  const inTables = coalesce(() => whenInView({ ask }, environment));

  return ({ spaces, ops, instead = [], former = [] }) => {
    // Taken now: what comes in before it is sent, the author had not on screen.
    const view = seen.view(spaces);
    // Only for who waits for them: a copy for each of thousands would cost more than all else.
    const before = typeof ops === 'function' ? [...unanswered] : [];

    const prepare = async (): Promise<readonly OpRequest[]> => {
      if (typeof ops !== 'function') return ops;
      // It reads the tables, so what was written before must be in them.
      await Promise.allSettled(before);
      return ops();
    };
    const request = sent.then(greeted).then(prepare);
    const reply = request.then((ready) =>
      send({ ops: ready, instead, former }, view ?? seen.view(spaces) ?? NOTHING_SEEN),
    );
    // After `reply`'s own, so that the next write's `send` runs after this one's.
    sent = request.catch(() => {});
    const inView = reply.then(({ ahead }) => (ahead ? inTables() : undefined));
    unanswered.add(inView);
    const done = () => unanswered.delete(inView);
    inView.then(done, done);
    const written = fates.follow(reply.then(({ receipts }) => receipts));
    return written.then((write) => ({ ...write, inView }));
  };

  async function send({ ops, instead, former }: Ready, view: View) {
    if (ops.length + former.length === 0)
      throw new OffingError('bad_op', 'There is nothing to write.');
    return ask({
      type: 'write',
      ops: [...ops],
      instead: [...instead],
      // A host of an earlier version reads a write without it as ever.
      ...(former.length > 0 && { former: [...former] }),
      ahead: true,
      ...view,
    });
  }
}

/** A plan whose ops are made. */
interface Ready {
  readonly ops: readonly OpRequest[];
  readonly instead: readonly OpRef[];
  readonly former: readonly FormerRef[];
}
