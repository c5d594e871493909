/** The rest of a space's log, page by page, into a state that is being fetched. */
import type { GrowingState } from './growing-state.ts';
import type { Connection, Ports, SpaceRow } from './ports.ts';
import type { Fetched } from './state.ts';

/** Reads the log to its end. */
export async function followLog(
  { transport }: Ports,
  connection: Connection,
  { row: { space, actor }, growing }: { row: SpaceRow; growing: GrowingState },
): Promise<Extract<Fetched, { ok: false }> | undefined> {
  for (;;) {
    const { epoch, seq } = growing;
    // Without the digest: it would say that all of this is durably folded.
    const request = { spaces: { [space]: { actor, since: seq, epoch } } };
    const answer = await transport.push(connection, request);
    if (!answer.ok) return answer;
    const part = answer.value.spaces[space];
    if (!part || 'error' in part || !growing.add(part)) return { ok: false, failure: null };
    if (!part.more || growing.isStopped) return undefined;
  }
}
