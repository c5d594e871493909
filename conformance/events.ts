/** Reads a stream of server-sent events, as far as a check needs it. */
import { Disagreement, holds } from './agree.ts';
import type { Probe } from './probe.ts';

export interface ServerEvent {
  readonly name: string;
  readonly data: unknown;
}

export interface Listener {
  readonly headers: Headers;
  /** The next event that `wanted` is true of; whatever comes before it is passed over. */
  next(wanted: (event: ServerEvent) => boolean, what: string): Promise<ServerEvent>;
  /** Events of a stream are hints, so none is waited for: those that have come by now. */
  heard(): readonly ServerEvent[];
  leave(): Promise<void>;
}

const PATIENCE_MS = 5000;

export async function listen(probe: Probe, query = '', token?: string): Promise<Listener> {
  const response = await probe.open(`/sync/events${query}`, token);
  const type = response.headers.get('Content-Type') ?? '';
  holds(
    `HTTP ${response.status}, ${type}: no stream of events`,
    type.startsWith('text/event-stream'),
  );
  const reader = response.body?.pipeThrough(new TextDecoderStream() as never).getReader();
  holds('the stream has no body', reader !== undefined);
  const heard: ServerEvent[] = [];
  let text = '';

  async function read(until: Promise<'late'>, what: string): Promise<void> {
    const got = await Promise.race([reader?.read(), until]);
    if (got === 'late') throw new Disagreement(`${what} did not come within ${PATIENCE_MS} ms`);
    if (!got || got.done) throw new Disagreement(`the stream ended before ${what}`);
    const parts = (text + String(got.value)).split('\n\n');
    text = parts.pop() ?? '';
    heard.push(...parts.map(eventIn));
  }

  return {
    headers: response.headers,
    async next(wanted, what) {
      const late = lateAfter(PATIENCE_MS);
      let passed = 0;
      try {
        for (;;) {
          const found = heard.slice(passed).find(wanted);
          if (found) return found;
          passed = heard.length;
          await read(late.promise, what);
        }
      } finally {
        late.cancel();
      }
    },
    heard: () => heard,
    leave: async () => reader.cancel(),
  };
}

function lateAfter(ms: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const promise = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  return { promise, cancel: () => clearTimeout(timer) };
}

function eventIn(block: string): ServerEvent {
  const lines = block.split('\n');
  const member = (name: string) =>
    lines
      .find((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim() ?? '';
  return { name: member('event'), data: JSON.parse(member('data') || 'null') };
}
