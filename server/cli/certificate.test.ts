import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../config.ts';
import { openServer } from '../open-server.ts';
import { makeCertificate } from '../testing/certificate.ts';
import { certificateIn } from './certificate.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'offing-cert-'));
});
afterEach(() => rmSync(data, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(data, name);
  writeFileSync(path, text);
  return path;
}

function faultOf(cert: string, key: string): string {
  try {
    certificateIn(cert, key);
    return 'none';
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
}

describe('a certificate', () => {
  it('[OPS10] is served with, and does not keep the server from stopping', async () => {
    const made = makeCertificate();
    const certificate = certificateIn(file('c.pem', made.cert), file('k.pem', made.key));
    const server = await openServer({ data: join(data, 'db'), certificate });
    expect(server.url).toBe(`https://127.0.0.1:${server.port}`);
    const asked = request(`${server.url}/sync/events`, {
      ca: made.cert,
      headers: {
        Authorization: `Bearer ${await server.tokens.mint({
          account: (await server.accounts.named('ann')).id,
          label: 'test',
        })}`,
      },
    }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    const ends = (async () => {
      let text = '';
      for await (const chunk of answer) text += String(chunk);
      return text;
    })();
    await server.close();
    // Ended in order, and not cut off.
    expect(await ends).toContain('event: ping');
  });

  it('[OPS10] and a key that cannot be used are named', () => {
    const [one, other] = [makeCertificate(), makeCertificate()];
    const [cert, key] = [file('c.pem', one.cert), file('k.pem', one.key)];
    const text = file('text', 'hello');
    expect(faultOf(cert, key)).toBe('none');
    expect(faultOf(text, key)).toBe(`--cert: ${text} is not a certificate in PEM`);
    expect(faultOf(cert, text)).toContain(`--key: ${text} is not a private key`);
    expect(faultOf(cert, file('o.pem', other.key))).toContain('is not the key of the certificate');
    expect(faultOf(cert, data)).toContain(`--key: ${data} cannot be read (EISDIR)`);
  });
});
