/**
 * By which name or address other devices reach this server. Pure: what the machine and the
 * certificate say comes in as values.
 */
import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { NetworkInterfaceInfo } from 'node:os';

export interface Reach {
  /** What stands in the link, without brackets. */
  readonly host: string;
  /** Others that may do where this one does not: a machine with Docker or a VPN has several. */
  readonly others: readonly string[];
}

export interface ReachOptions {
  /** What the server listens on. */
  readonly host: string;
  readonly interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>;
  readonly leaf: X509Certificate | null;
}

/** An address that listens on all of them is none by which anybody comes. */
const EVERY_ADDRESS = new Set(['0.0.0.0', '::']);

/**
 * The address of this machine that the certificate names, or else a name in it, which the network
 * has to know; without a certificate any address from outside.
 */
export function reachOf({ host, interfaces, leaf }: ReachOptions): Reach {
  if (!EVERY_ADDRESS.has(host)) return { host, others: [] };
  const addresses = addressesIn(interfaces);
  const named = leaf
    ? [...addresses.filter((address) => isNamed(address, leaf)), ...namesIn(leaf)]
    : addresses;
  const [first, ...others] = named.length > 0 ? named : addresses;
  return { host: first ?? '127.0.0.1', others };
}

/** Whether a browser that trusts the certificate takes it for this host's: by its alternative names alone. */
export function isNamed(host: string, leaf: X509Certificate): boolean {
  const found = isIP(host) ? leaf.checkIP(host) : leaf.checkHost(host, { subject: 'never' });
  return found !== undefined;
}

/** IPv4 where there is any: a person can read it out. A link-local one is known on one cable only. */
function addressesIn(interfaces: ReachOptions['interfaces']): string[] {
  const outside = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !/^(169\.254\.|fe80:)/i.test(address));
  const of = (family: string) => outside.filter((each) => each.family === family);
  return (of('IPv4').length > 0 ? of('IPv4') : of('IPv6')).map(({ address }) => address);
}

/** Whole names only: of a wildcard nobody knows which machine is meant. */
const namesIn = (leaf: X509Certificate): string[] =>
  [...(leaf.subjectAltName ?? '').matchAll(/(?:^|, )DNS:([\w.-]+)/g)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'localhost');
