/** The connect link: opened on a device, it joins that device to the account. */
import { networkInterfaces, userInfo } from 'node:os';
import { renderUnicodeCompact } from 'uqr';
import type { OpenServer } from '../open-server.ts';

/** Mints a token for the first user and prints its link; a link that nobody used ends here. */
export async function printLink(server: OpenServer, host: string, withQr: boolean): Promise<void> {
  const { accounts, tokens } = server;
  await tokens.dropUnusedLinks();
  const account = (await accounts.first()) ?? (await accounts.named(personHere()));
  const token = await tokens.mint({ account: account.id, label: 'connect link', isLink: true });
  // In the fragment, which no browser sends and no server logs.
  const origin = originFor(host, server);
  const link = `${origin}/#connect=${token}`;
  console.log(`Connect a device as ${account.name}: ${link}`);
  const warning = warningFor(origin);
  if (warning) console.error(warning);
  if (withQr) console.log(renderUnicodeCompact(link));
}

function personHere(): string {
  try {
    return userInfo().username || 'me';
  } catch {
    // A container may run under a number that has no name.
    return 'me';
  }
}

/** What a person has to know before they open the link elsewhere, or null. */
export function warningFor(origin: string): string | null {
  const { protocol, hostname } = new URL(origin);
  const isSecure = protocol === 'https:' || /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
  if (isSecure) return null;
  return (
    `${origin} is neither https nor localhost: a browser runs no service worker there, so the app ` +
    'will not open offline. Give --cert and --key, or put a proxy with https in front.'
  );
}

/** The address by which another device reaches a server that listens on all of them. */
function originFor(host: string, { url, port }: OpenServer): string {
  if (host !== '0.0.0.0' && host !== '::') return url;
  const outside = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  const { protocol } = new URL(url);
  return `${protocol}//${outside?.address ?? '127.0.0.1'}:${port}`;
}
