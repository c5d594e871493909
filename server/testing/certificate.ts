/**
 * Certificates made with nothing but Node, for tests: X.509 v3 in DER on P-256 keys. A leaf for
 * names and addresses, signed by its own key or by a root that devices can be made to trust.
 */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isIPv4 } from 'node:net';

export interface MadeCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A root of one's own, as mkcert makes one. */
export interface MadeRoot {
  /** What a device installs to trust everything that this root signs. */
  readonly cert: string;
  /** A leaf for these names and IPv4 addresses. */
  issue(names: readonly string[]): MadeCertificate;
}

interface Issuer {
  readonly name: Buffer;
  readonly key: KeyObject;
}

interface Body {
  readonly subject: Buffer;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

const DAY_MS = 86_400_000;
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const BASIC_CONSTRAINTS = '551d13';
const KEY_USAGE = '551d0f';
const EXTENDED_KEY_USAGE = '551d25';
const SUBJECT_ALT_NAME = '551d11';
const SERVER_AUTH = '2b06010505070301';

/** Signed by itself: nobody trusts it who was not given this very certificate. */
export function makeCertificate(
  names: readonly string[] = ['localhost', '127.0.0.1'],
): MadeCertificate {
  const { privateKey, publicKey } = newKeys();
  const subject = named('Offing');
  const body = { subject, publicKey, extensions: [altNames(names)] };
  return { cert: signed(body, { name: subject, key: privateKey }), key: inPem(privateKey) };
}

export function makeRoot(): MadeRoot {
  const { privateKey, publicKey } = newKeys();
  const subject = named(`Offing test root ${randomBytes(4).toString('hex')}`);
  const issuer = { name: subject, key: privateKey };
  const extensions = [
    extension(BASIC_CONSTRAINTS, sequence(der(0x01, Buffer.from([0xff]))), 'critical'),
    // keyCertSign and cRLSign.
    extension(KEY_USAGE, der(0x03, Buffer.from([1, 0x06])), 'critical'),
  ];
  return {
    cert: signed({ subject, publicKey, extensions }, issuer),
    issue(names) {
      const leaf = newKeys();
      const body = {
        subject: named('Offing'),
        publicKey: leaf.publicKey,
        extensions: [
          // digitalSignature.
          extension(KEY_USAGE, der(0x03, Buffer.from([7, 0x80])), 'critical'),
          extension(EXTENDED_KEY_USAGE, sequence(oid(SERVER_AUTH))),
          altNames(names),
        ],
      };
      return { cert: signed(body, issuer), key: inPem(leaf.privateKey) };
    },
  };
}

function signed({ subject, publicKey, extensions }: Body, issuer: Issuer): string {
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    // Never negative, and with no leading zero too many.
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    issuer.name,
    sequence(time(Date.now() - DAY_MS), time(Date.now() + DAY_MS)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, issuer.key));
  const base64 = sequence(body, algorithm, signature).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const inPem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const named = (name: string): Buffer =>
  sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from(name)))));

const altNames = (names: readonly string[]): Buffer =>
  extension(SUBJECT_ALT_NAME, sequence(...names.map(altName)));

const altName = (name: string): Buffer =>
  isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name));

const extension = (id: string, value: Buffer, critical?: 'critical'): Buffer =>
  sequence(oid(id), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));

/** Tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const long = Buffer.from(length.toString(16).padStart(length > 255 ? 4 : 2, '0'), 'hex');
  const head = length < 128 ? [tag, length] : [tag, 0x80 | long.length, ...long];
  return Buffer.concat([Buffer.from(head), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const integer = (bytes: Buffer): Buffer => der(0x02, bytes);
const time = (at: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replace(/\D/g, '')}Z`));
