/**
 * What went under an id that this replica had before a fork, and that another history has lost: it is
 * offered again under that id, to the byte, before the history is adopted. Every copy of the database
 * has these ops and may offer them; the server takes each once, by its name.
 */
import {
  asClock,
  asSeq,
  clocksUnder,
  DEFAULT_LIMITS,
  locate,
  sentBytes,
  type Clock,
  type OpToSend,
  type OutboxRow,
  type Seq,
  type SequencedOp,
  type VoidClock,
  type Was,
} from '../../core/index.ts';
import type { GrowingState } from './growing-state.ts';
import type { Connection, Ports, SpaceRow } from './ports.ts';
import { followLog } from './follow-log.ts';
import type { Fetched } from './state.ts';

type Sent = OpToSend | VoidClock;

/** Goes on until nothing is left that could go under a former id, or the exchange fails. */
export async function regain(
  ports: Ports,
  connection: Connection,
  { row, growing, common }: { row: SpaceRow; growing: GrowingState; common: Seq },
): Promise<Extract<Fetched, { ok: false }> | undefined> {
  const { selves = [] } = row;
  if (selves.length === 0) return undefined;
  const rows = await ports.store.read(async (tx) => [
    ...(await tx.settledOf(row.space)),
    ...(await tx.rowsOf(row.space)),
  ]);
  for (const self of selves) {
    // What a server will not have under this id is offered under the present one, when it is adopted.
    let after = growing.lastOf(self.actor);
    for (;;) {
      const ops = lostOps(rows, self, { growing, after, common });
      if (ops.length === 0) break;
      const { seq, epoch } = growing;
      const request = {
        spaces: { [row.space]: { actor: self.actor, since: seq, epoch, ops } },
      };
      const answer = await ports.transport.push(connection, request);
      if (!answer.ok) return answer;
      const part = answer.value.spaces[row.space];
      if (!part) return { ok: false, failure: null };
      const last = ops.at(-1)?.clock ?? self.clock;
      if ('error' in part) {
        // Another copy was there in between, or uses the clock for something else: that is read first.
        const isForked = part.error.code === 'actor_forked';
        if (!isForked || part.error.clock === undefined) return { ok: false, failure: null };
        after = asClock(Math.max(after, part.error.clock));
        const failed = await followLog(ports, connection, { row, growing });
        if (failed) return failed;
        continue;
      }
      after = last;
      if (!growing.add(part, named(self, ops))) return { ok: false, failure: null };
      const failed = part.more ? await followLog(ports, connection, { row, growing }) : undefined;
      if (failed) return failed;
    }
  }
  return undefined;
}

interface Lost {
  readonly growing: GrowingState;
  /** Up to here the clocks of this id are used up there. */
  readonly after: Clock;
  readonly common: Seq;
}

/** The next ops of this id that the log has nowhere, in clock order and without a hole; none if there is none. */
function lostOps(
  rows: readonly OutboxRow[],
  { actor, clock: through }: Was,
  { growing, after, common }: Lost,
): Sent[] {
  const own = rows.flatMap((row) =>
    [...clocksUnder(row, actor)].flatMap(([clock, index]) => {
      if (clock > through || row.gone?.includes(index)) return [];
      const payload = row.payloads[index] ?? '';
      return [{ actor, clock, base: row.base, at: row.at, v: row.v, payload }];
    }),
  );
  const held = new Map<Clock, OpToSend>();
  for (const [{ actor: _, ...op }, where] of locate(own, growing.ops, growing.snapshotted)) {
    if (op.clock <= after || where !== 'nowhere') continue;
    held.set(op.clock, { ...op, base: asSeq(Math.min(op.base, common)) });
  }
  const last = Math.max(0, ...held.keys());
  const ops: Sent[] = [];
  let bytes = 0;
  for (let clock = after + 1; clock <= last; clock++) {
    const op = held.get(asClock(clock)) ?? ({ clock: asClock(clock), void: true } as const);
    bytes += sentBytes(op);
    const isFull = ops.length >= DEFAULT_LIMITS.opsPerSpace || bytes > DEFAULT_LIMITS.bodyBytes / 2;
    if (ops.length > 0 && isFull) break;
    ops.push(op);
  }
  return ops;
}

/** The ops as the log has them, but for their seq: the answer names them without repeating them. */
const named = (self: Was, ops: readonly Sent[]): Map<string, Omit<SequencedOp, 'seq'>> =>
  new Map(
    ops.flatMap((op) =>
      'void' in op ? [] : [[`${self.actor} ${op.clock}`, { ...op, actor: self.actor }] as const],
    ),
  );
