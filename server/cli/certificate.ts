/** The certificate and key of `offing serve`, looked at before anything listens. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UsageError } from '../config.ts';
import type { Certificate } from '../open-server.ts';

/** Null where neither is given: the server speaks http. */
export function certificateIn(
  certFile: string | undefined,
  keyFile: string | undefined,
): Certificate | null {
  if (certFile === undefined && keyFile === undefined) return null;
  if (certFile === undefined) throw new UsageError('--key needs --cert FILE');
  if (keyFile === undefined) throw new UsageError('--cert needs --key FILE');
  const [cert, key] = [bytesOf('--cert', certFile), bytesOf('--key', keyFile)];
  const leaf = reading(() => new X509Certificate(cert));
  if (!leaf) throw new UsageError(`--cert: ${certFile} is not a certificate in PEM`);
  const secret = reading(() => createPrivateKey(key));
  if (!secret) throw new UsageError(`--key: ${keyFile} is not a private key without a passphrase`);
  if (!leaf.checkPrivateKey(secret)) {
    throw new UsageError(`${keyFile} is not the key of the certificate in ${certFile}`);
  }
  return { cert, key };
}

function bytesOf(option: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`${option}: ${file} cannot be read (${why})`);
  }
}

function reading<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
