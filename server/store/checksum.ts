/** The checksum that lies beside a backup, as `sha256sum -c` reads it. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';

export const checksumFileOf = (file: string): string => `${file}.sha256`;

/** Of the content of `file`, in hex. */
export async function checksumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

export function writeChecksum(file: string, checksum: string): void {
  writeFileSync(checksumFileOf(file), `${checksum}  ${basename(file)}\n`, { mode: 0o600 });
}

/** What lies beside the file; undefined where there is none. */
export function readChecksum(file: string): string | undefined {
  const beside = checksumFileOf(file);
  return existsSync(beside) ? readFileSync(beside, 'utf8').split(/\s/)[0] : undefined;
}
