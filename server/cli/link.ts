/** The connect link: opened on a device, it joins that device to the account. */
import { X509Certificate } from 'node:crypto';
import { networkInterfaces, userInfo } from 'node:os';
import { renderUnicodeCompact } from 'uqr';
import type { Certificate, OpenServer } from '../open-server.ts';
import { isNamed, reachOf } from './reachable.ts';

export interface LinkOptions {
  /** What the server listens on. */
  readonly host: string;
  readonly certificate: Certificate | null;
  readonly withQr: boolean;
}

/** Mints a token for the first user and prints its link; a link that nobody used ends here. */
export async function printLink(server: OpenServer, options: LinkOptions): Promise<void> {
  const { accounts, tokens, url, port } = server;
  await tokens.dropUnusedLinks();
  const account = (await accounts.first()) ?? (await accounts.named(personHere()));
  const token = await tokens.mint({ account: account.id, label: 'connect link', isLink: true });
  const leaf = options.certificate ? new X509Certificate(options.certificate.cert) : null;
  const reach = reachOf({ host: options.host, interfaces: networkInterfaces(), leaf });
  const originAt = (host: string): string =>
    `${new URL(url).protocol}//${host.includes(':') ? `[${host}]` : host}:${port}`;
  const origin = originAt(reach.host);
  // In the fragment, which no browser sends and no server logs.
  const link = `${origin}/#connect=${token}`;
  console.log(`Connect a device as ${account.name}: ${link}`);
  if (reach.others.length > 0) {
    console.log(`Where that is not reached, try ${reach.others.map(originAt).join(' or ')} in it.`);
  }
  const warning = warningFor(origin, leaf);
  if (warning) console.error(warning);
  if (options.withQr) console.log(renderUnicodeCompact(link));
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
export function warningFor(origin: string, leaf: X509Certificate | null): string | null {
  const { protocol, hostname } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'https:') {
    if (!leaf || isNamed(host, leaf)) return null;
    return (
      `The certificate does not name ${host} (it names ${leaf.subjectAltName ?? 'nothing'}): a browser ` +
      'refuses the link. Make one that names it.'
    );
  }
  if (/^(localhost|127\.[\d.]+|::1)$/.test(host)) return null;
  return (
    `${origin} is neither https nor localhost: others on the network can read what is sent, and a ` +
    'browser runs no service worker there, so the app works only while it is open and reaches the ' +
    'server to be loaded. Give --cert and --key, or put a proxy with https in front.'
  );
}
