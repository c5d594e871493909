/** A new device's way to its snapshot: what cuts, holds and changes the answers, and what they are of. */
import { expect, vi } from 'vitest';
import type { MutationJson, ParsedPageRequest, SpaceId } from '../../core/index.ts';
import type { Fetch } from '../../sw/adapters/http-transport.ts';
import type { Ports } from '../../sw/engine/ports.ts';
import type { Device } from './device.ts';
import { newItem } from './lists-config.ts';

/** What becomes of an answer on its way. */
export type Change = (bytes: Uint8Array<ArrayBuffer>) => Response | Promise<Response>;

interface Scripted {
  /** Before each answer is asked for. */
  readonly before: () => Promise<void>;
  readonly script: Change[];
}

export const PASS = async (): Promise<void> => {};

/** Carries a device's requests; the answers to its bootstraps are changed as the script says, in turn. */
export function scripted({ before = PASS, script = [] }: Partial<Scripted>) {
  const asked: string[] = [];
  const fetchAs: Fetch = async (url, init) => {
    if (!url.pathname.startsWith('/sync/bootstrap')) return fetch(url, init);
    await before();
    const response = await fetch(url, init);
    asked.push(`${url.pathname.split('/').at(-1)}${url.search}`);
    const change = response.ok ? script.shift() : undefined;
    return change ? change(new Uint8Array(await response.arrayBuffer())) : response;
  };
  return { asked, script, fetch: fetchAs };
}

export const cutAt =
  (bytes: number): Change =>
  (all) =>
    new Response(all.slice(0, bytes));

/** The connection hangs behind so many bytes, and `onHung` is called once they were taken in. */
export const hangsAt =
  (bytes: number, onHung: () => void): Change =>
  (all) => {
    const parts = [all.slice(0, bytes)];
    const pull = async (controller: ReadableStreamDefaultController) => {
      const part = parts.shift();
      if (part) return controller.enqueue(part);
      onHung();
      return new Promise<void>(() => {});
    };
    return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
  };

export const titleIn = (payload: string) => /"title":"([^"]*)"/.exec(payload)?.[1];
/** The answer in parts, each of which waits for its gate. */
export const gated =
  (cuts: readonly number[], gates: readonly (() => Promise<unknown>)[]): Change =>
  (all) => {
    let part = 0;
    const pull = async (controller: ReadableStreamDefaultController) => {
      if (part > cuts.length) return controller.close();
      await gates[part]?.();
      controller.enqueue(all.slice(cuts[part - 1] ?? 0, cuts[part]));
      part += 1;
    };
    return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }));
  };

export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
export const offsetOf = (asked: string | undefined) =>
  Number(/offset=(\d+)/.exec(asked ?? '')?.[1]);

export type Find = (all: Uint8Array) => number;

/** Where the last `count` lines begin. */
export const beforeLast =
  (count: number): Find =>
  (all) => {
    let at = all.length - 1;
    for (let line = 0; line < count; line++) at = all.lastIndexOf(10, at - 1);
    return at + 1;
  };

/** Logs of more than twenty ops are long. */
export const ofShortLogs = (ports: Ports): Ports => ({
  ...ports,
  fillSizes: { replayed: 20, fewest: 8, most: 16, piece: 2000 },
});

export const idOf = (n: number) => `i${String(n).padStart(4, '0')}`;

export const write = (one: Device, space: SpaceId, mutations: readonly MutationJson[]) =>
  one.write(mutations.map((mutation) => ({ space, do: [mutation] })));

export const newItems = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => newItem(idOf(from + n), `Zelt ⛺ für ${from + n}`));

/** Kills the worker once the first `bytes` of its answer are in, and begins another. */
export async function killAt(
  { device, script }: { readonly device: Device; readonly script: Change[] },
  bytes: number | Find,
  begin: (one: Device) => Promise<unknown>,
): Promise<void> {
  await new Promise<void>((hung) => {
    script.push((all) => hangsAt(typeof bytes === 'number' ? bytes : bytes(all), hung)(all));
    void begin(device);
  });
  device.restart();
}

/** A page's write, without waiting for what it sets off. */
export async function writeOnly(one: Device, space: SpaceId, mutation: MutationJson) {
  const ops = [{ space, do: [mutation] }];
  const seen = await one.cursors();
  const request = { v: 1, type: 'write', ops, seen } as unknown as ParsedPageRequest;
  const { reply } = await one.engine.handle(request);
  if (reply.type !== 'accepted') throw new Error(JSON.stringify(reply));
}

/** Waits until a server has a snapshot that goes so far: the thread that builds it takes its time. */
export async function hasSnapshot(
  { url }: { readonly url: string },
  { token, space, behind }: { token: string; space: SpaceId; behind: number },
): Promise<void> {
  const headers = { Authorization: `Bearer ${token}` };
  await vi.waitFor(async () => {
    const answer = await fetch(`${url}/sync/bootstrap/${space}`, { headers });
    const [header = ''] = (await answer.text()).split('\n');
    expect((JSON.parse(header) as { seq: number }).seq).toBeGreaterThan(behind);
  }, 10_000);
}
