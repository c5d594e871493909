/** Setting up the connection: who is this token's account, and may this device's data become theirs? */
import type { HostErrorCode, Outcome, AccountAnswer } from '../../core/index.ts';
import { HostError } from './host-error.ts';
import type { Ports } from './ports.ts';

/** Asks the server and keeps the connection; what was written before is claimed by the next drain. */
export async function connectDevice(
  ports: Ports,
  { url, token }: { url: string; token: string },
): Promise<void> {
  const account = accountOf(await ports.transport.account(url, token));
  const { connection } = await ports.session.load();
  if (connection && connection.account.account !== account.account) {
    throw new HostError('wrong_account', `This device belongs to ${connection.account.name}.`);
  }
  if (!(await mayClaim(ports, account))) {
    throw new HostError('wrong_account', 'This device belongs to another account.');
  }
  await ports.session.save({
    connection: { url, token, account },
    authFailed: undefined,
    retry: undefined,
    paused: undefined,
  });
}

/**
 * The connection may have been lost and the replica kept: a home that a server has answered for is
 * somebody's, and only theirs.
 */
async function mayClaim({ store }: Ports, { home }: AccountAnswer): Promise<boolean> {
  return store.read(async (tx) => {
    const meta = await tx.meta();
    const kept = meta && (await tx.space(meta.home));
    return kept?.epoch === undefined || kept.space === home;
  });
}

function accountOf(outcome: Outcome<AccountAnswer>): AccountAnswer {
  if (outcome.ok) return outcome.value;
  const { failure } = outcome;
  const code: HostErrorCode = failure.kind === 'auth' ? 'auth_failed' : 'unreachable';
  throw new HostError(code, failure.kind === 'network' ? failure.why : failure.code);
}
