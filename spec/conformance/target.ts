/** Our server with every kind of token that the suite can use. */
import type { Target } from '../../conformance/index.ts';
import { startServer } from '../support/server.ts';

export interface Conforming {
  readonly target: Target & { readonly tokens: Required<NonNullable<Target['tokens']>> };
  stop(): Promise<void>;
}

export async function startConforming(): Promise<Conforming> {
  const server = await startServer();
  const { id: account, home } = await server.accounts.named('ann');
  const mint = (more = {}) => server.tokens.mint({ account, label: 'test', ...more });
  const revoked = await mint();
  const [row] = await server.tokens.list();
  await server.tokens.revoke(row?.id ?? '');
  const tokens = {
    other: await server.tokenFor('bob'),
    readOnly: await mint({ readOnly: true }),
    revoked,
    oneSpace: await mint({ onlySpace: home }),
  };
  return { target: { url: server.url, token: await mint(), tokens }, stop: server.stop };
}
