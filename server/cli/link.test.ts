import { X509Certificate } from 'node:crypto';
import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { makeCertificate } from '../testing/certificate.ts';
import { warningFor } from './link.ts';
import { reachOf } from './reachable.ts';

function at(address: string, internal = false): NetworkInterfaceInfo {
  const rest = { address, internal, netmask: '', mac: '', cidr: null };
  return address.includes(':')
    ? { ...rest, family: 'IPv6', scopeid: 0 }
    : { ...rest, family: 'IPv4' };
}

const HOME = {
  lo: [at('127.0.0.1', true), at('::1', true)],
  docker0: [at('172.17.0.1')],
  wlan0: [at('192.168.1.5'), at('fe80::1'), at('2001:db8::5')],
  usb0: [at('169.254.7.7')],
};

const leafOf = (...names: string[]): X509Certificate =>
  new X509Certificate(makeCertificate(names).cert);

describe('the address in a connect link', () => {
  it.each([
    ['what it listens on, if that is one', '10.0.0.7', null, ['10.0.0.7']],
    ['any from outside without a certificate', '0.0.0.0', null, ['172.17.0.1', '192.168.1.5']],
    ['the one that the certificate names', '0.0.0.0', ['192.168.1.5'], ['192.168.1.5']],
    ['the same for ::', '::', ['192.168.1.5'], ['192.168.1.5']],
    ['before a name in it', '0.0.0.0', ['box.local', '192.168.1.5'], ['192.168.1.5', 'box.local']],
    ['a name, where it names no address of here', '0.0.0.0', ['10.9.9.9', 'a.lan'], ['a.lan']],
    ['no wildcard, and not localhost', '0.0.0.0', ['localhost', '*.home.lan', 'b.lan'], ['b.lan']],
    ['any, where it names nothing of use', '0.0.0.0', ['localhost'], ['172.17.0.1', '192.168.1.5']],
  ])('[OPS14] is %s', (_title, host, names, expected) => {
    const leaf = names && leafOf(...names);
    const { host: first, others } = reachOf({ host, interfaces: HOME, leaf });
    expect([first, ...others]).toEqual(expected);
  });

  it('[OPS14] is IPv6 where there is no other, and the machine itself where there is no network', () => {
    const interfaces = { wlan0: [at('fe80::1'), at('2001:db8::5')] };
    const options = { host: '::', leaf: null };
    expect(reachOf({ ...options, interfaces })).toEqual({ host: '2001:db8::5', others: [] });
    const { lo } = HOME;
    expect(reachOf({ ...options, interfaces: { lo } })).toEqual({ host: '127.0.0.1', others: [] });
  });
});

describe('a link', () => {
  it.each(['https://192.168.1.5:1', 'http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1'])(
    '[OPS11] to %s needs no warning',
    (origin) => {
      expect(warningFor(origin, null)).toBeNull();
    },
  );

  it.each(['http://192.168.1.5:1', 'http://127.0.0.1.example:1', 'http://box.local:1'])(
    '[OPS11] to %s says what a browser will not do there',
    (origin) => {
      expect(warningFor(origin, null)).toContain('no service worker');
    },
  );

  const leaf = leafOf('lists.example', '*.home.example', '192.168.1.5');
  it.each(['https://192.168.1.5:1', 'https://lists.example:1', 'https://box.home.example:1'])(
    '[OPS14] to %s, which the certificate names, needs no warning',
    (origin) => {
      expect(warningFor(origin, leaf)).toBeNull();
    },
  );

  // Its subject is “Offing”: browsers heed the alternative names alone.
  it.each(['192.168.1.6', 'other.example', 'offing', '[2001:db8::5]'])(
    '[OPS14] to https://%s, which it does not name, says so, and what it does name',
    (host) => {
      const warning = warningFor(`https://${host}:1`, leaf);
      expect(warning).toContain(`does not name ${host.replace(/[[\]]/g, '')} `);
      expect(warning).toContain('DNS:lists.example, DNS:*.home.example, IP Address:192.168.1.5');
    },
  );
});
