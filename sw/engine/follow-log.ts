/** The rest of a space's log, page by page, into a state that is being fetched. */
import type { Epoch, Outcome, PushAnswer, Seq } from '../../core/index.ts';
import type { GrowingState } from './growing-state.ts';
import type { Connection, Ports, SpaceRow } from './ports.ts';
import type { Fetched } from './state.ts';

/** The next page. Without the digest: it would say that all of this is durably folded. */
export const pullFrom = (
  { transport }: Ports,
  connection: Connection,
  { space, actor }: SpaceRow,
  from: { readonly since: Seq; readonly epoch: Epoch },
): Promise<Outcome<PushAnswer>> =>
  transport.push(connection, { spaces: { [space]: { actor, ...from } } });

/** Reads the log to its end. */
export async function followLog(
  ports: Ports,
  connection: Connection,
  { row, growing }: { row: SpaceRow; growing: GrowingState },
): Promise<Extract<Fetched, { ok: false }> | undefined> {
  for (;;) {
    const { epoch, seq } = growing;
    const answer = await pullFrom(ports, connection, row, { since: seq, epoch });
    if (!answer.ok) return answer;
    const part = answer.value.spaces[row.space];
    if (!part || 'error' in part || !growing.add(part)) return { ok: false, failure: null };
    if (!part.more || growing.isStopped) return undefined;
  }
}
