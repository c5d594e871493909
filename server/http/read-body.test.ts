import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Deadlines } from './deadlines.ts';
import { ProblemError } from './problem.ts';
import { readJson } from './read-body.ts';

const LIMITS = { bodyBytes: 1000, jsonDepth: 3 };
const JSON_TYPE = { 'Content-Type': 'application/json' };
const GZIP = { ...JSON_TYPE, 'Content-Encoding': 'gzip' };

type Body = string | Uint8Array | ReadableStream<Uint8Array> | null;

const read = (body: Body, headers: Record<string, string> = JSON_TYPE, deadlines?: Deadlines) =>
  readJson(
    new Request('http://x/', { method: 'POST', headers, body, duplex: 'half' } as never),
    LIMITS,
    deadlines,
  );

async function faultOf(reading: Promise<unknown>): Promise<object> {
  const error: unknown = await reading.then(
    () => new Error('it was read'),
    (fault: unknown) => fault,
  );
  if (!(error instanceof ProblemError)) throw error;
  return { code: error.code, ...error.more };
}

/** A body that goes on for as long as anyone reads, and says how much was read. */
function endless(chunk: Uint8Array) {
  const state = { sent: 0, isCancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.sent += chunk.length;
      controller.enqueue(chunk);
    },
    cancel() {
      state.isCancelled = true;
    },
  });
  return { body, state };
}

describe('a body', () => {
  it.each([
    ['plain', '{"a":[1]}', JSON_TYPE],
    ['with a charset', '{"a":[1]}', { 'Content-Type': 'Application/JSON; charset="UTF-8"' }],
    ['gzipped', gzipSync('{"a":[1]}'), GZIP],
    ['as it is, by name', '{"a":[1]}', { ...JSON_TYPE, 'Content-Encoding': 'identity' }],
  ])('[WI4] is read %s', async (_, body, headers) => {
    expect(await read(body, headers)).toEqual({ a: [1] });
  });

  it.each([
    ['form', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['text', { 'Content-Type': 'text/plain' }],
    ['other charset', { 'Content-Type': 'application/json; charset=latin1' }],
    ['brotli', { ...JSON_TYPE, 'Content-Encoding': 'br' }],
    ['gzip twice', { ...JSON_TYPE, 'Content-Encoding': 'gzip, gzip' }],
  ])('[WI4] of another kind is not: %s', async (_, headers) => {
    expect(await faultOf(read('{}', headers))).toMatchObject({ code: 'unsupported_media' });
  });

  it.each([
    ['nothing', null, JSON_TYPE],
    ['no JSON', '{', JSON_TYPE],
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), JSON_TYPE],
    ['no gzip', '{}', GZIP],
    ['half a gzip', gzipSync('{"a":1}').subarray(0, 20), GZIP],
    ['a number that is none', '1e999', JSON_TYPE],
  ])('[WI2] is at fault: %s', async (_, body, headers) => {
    expect(await faultOf(read(body, headers))).toMatchObject({ code: 'bad_request' });
  });

  it('[WI3] may be nested as deeply as the limit, and no deeper', async () => {
    expect(await read('[[[1]]]')).toEqual([[[1]]]);
    const deep = '['.repeat(400) + ']'.repeat(400);
    for (const body of ['[[[[1]]]]', deep]) {
      expect(await faultOf(read(body))).toMatchObject({ code: 'bad_request', limit: 3 });
    }
  });

  it('[WI3] may be as large as the limit, and no larger', async () => {
    const text = (length: number) => `"${'x'.repeat(length - 2)}"`;
    const tooLarge = { code: 'too_large', limit: 1000 };
    expect(await read(text(1000))).toHaveLength(998);
    expect(await faultOf(read(text(1001)))).toEqual(tooLarge);
    expect(await read(gzipSync(text(1000)), GZIP)).toHaveLength(998);
    expect(await faultOf(read(gzipSync(text(1001)), GZIP))).toEqual(tooLarge);
    expect(await faultOf(read(gzipSync(text(50_000_000)), GZIP))).toEqual(tooLarge);
  });

  it('[WI3] that never ends is read no further than the limit', async () => {
    const { body, state } = endless(new Uint8Array(300));
    expect(await faultOf(read(body))).toMatchObject({ code: 'too_large' });
    expect(state.sent).toBeLessThanOrEqual(1800);
    expect(state.isCancelled).toBe(true);
  });

  it('[WI3] that admits to be too large is not read at all', async () => {
    const { body, state } = endless(new Uint8Array(300));
    const headers = { ...JSON_TYPE, 'Content-Length': '5000' };
    expect(await faultOf(read(body, headers))).toMatchObject({ code: 'too_large' });
    expect(state.sent).toBeLessThanOrEqual(300);
  });

  it('[WI3] that says to be smaller than it is is counted all the same', async () => {
    const fault = read(`"${'x'.repeat(1000)}"`, { ...JSON_TYPE, 'Content-Length': '10' });
    expect(await faultOf(fault)).toEqual({ code: 'too_large', limit: 1000 });
  });

  it.each([
    ['of a length that was said', '1000'],
    ['longer than what is read at once', '100000'],
  ])('[WI24] %s, is ended when it stalls', async (_, length) => {
    const body = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => {}) });
    const request = new Request('http://x/', {
      method: 'POST',
      headers: { ...JSON_TYPE, 'Content-Length': length },
      body,
      duplex: 'half',
    } as never);
    const limits = { ...LIMITS, bodyBytes: 1_000_000 };
    const reading = readJson(request, limits, { bodyMs: 60_000, stallMs: 20 });
    expect(await faultOf(reading)).toMatchObject({ code: 'overloaded' });
  });

  it.each([
    ['stalls', { bodyMs: 60_000, stallMs: 20 }, () => new Promise(() => {})],
    ['trickles', { bodyMs: 50, stallMs: 60_000 }, () => new Promise((r) => setTimeout(r, 5))],
  ])('[WI24] that %s is ended, to come again', async (_, deadlines, next) => {
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await next();
        controller.enqueue(new Uint8Array([0x20]));
      },
      cancel() {
        isCancelled = true;
      },
    });
    const fault = await faultOf(read(body, JSON_TYPE, { headersMs: 1, ...deadlines }));
    expect(fault).toMatchObject({ code: 'overloaded', headers: { 'Retry-After': '1' } });
    expect(isCancelled).toBe(true);
  });

  it.each([
    ['', JSON_TYPE],
    [' of a length that was said', { ...JSON_TYPE, 'Content-Length': '10' }],
  ])('[WI2]%s that breaks off is a fault of the client', async (_, headers) => {
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error('gone'));
      },
    });
    expect(await faultOf(read(body, headers))).toMatchObject({ code: 'bad_request' });
  });
});
