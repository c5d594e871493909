/**
 * Whether a context that holds something still runs: all contexts of the origin share one channel,
 * and who holds a name answers when it is called. One that was frozen, suspended or killed does not.
 */

export interface RollCall {
  /** Answers for `name` from now on, and says so at once. Returns its end. */
  hold(name: string): () => void;
  /** Calls `fn` when another context says that it holds `name`. Returns its end. */
  onHeld(name: string, fn: () => void): () => void;
  /** Whether somebody says in time that they hold `name`. */
  isHeld(name: string, patience: Patience): Promise<boolean>;
  /** Resolves when another context stopped holding `name`, and at the latest when the patience ends. */
  released(name: string, patience: Patience): Promise<void>;
  close(): void;
}

export interface Patience {
  readonly ms: number;
  /** Ends it before its time. */
  readonly signal?: AbortSignal;
}

type Word = 'who' | 'held' | 'released';
interface Message {
  readonly name: string;
  readonly word: Word;
}

export function createRollCall(channelName: string): RollCall {
  const channel = new BroadcastChannel(channelName);
  const held = new Set<string>();
  const listeners = new Set<(message: Message) => void>();
  const say = (name: string, word: Word): void =>
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- A channel has one origin.
    channel.postMessage({ name, word } satisfies Message);

  channel.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.word === 'who' && held.has(data.name)) say(data.name, 'held');
    for (const listener of Array.from(listeners)) listener(data);
  });

  function on(name: string, word: Word, fn: () => void): () => void {
    const listener = (message: Message): void => {
      if (message.name === name && message.word === word) fn();
    };
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Whether `word` about `name` is heard before the patience ends. */
  const hears = (name: string, word: Word, { ms, signal }: Patience): Promise<boolean> =>
    new Promise((resolve) => {
      const end = (isHeard: boolean): void => {
        stop();
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        resolve(isHeard);
      };
      const giveUp = (): void => end(false);
      const stop = on(name, word, () => end(true));
      const timer = setTimeout(giveUp, ms);
      signal?.addEventListener('abort', giveUp);
      if (signal?.aborted) giveUp();
    });

  return {
    hold(name) {
      held.add(name);
      say(name, 'held');
      return () => {
        held.delete(name);
        say(name, 'released');
      };
    },
    onHeld: (name, fn) => on(name, 'held', fn),
    isHeld(name, patience) {
      if (held.has(name)) return Promise.resolve(true);
      const heard = hears(name, 'held', patience);
      say(name, 'who');
      return heard;
    },
    async released(name, patience) {
      await hears(name, 'released', patience);
    },
    close: () => channel.close(),
  };
}
