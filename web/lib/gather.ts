/**
 * Writes that are asked for at once share messages, for a message costs more than what a write in it
 * does. They are gathered within one task: a page that is going away may have no other.
 *
 *   write a, write b, write c ──► [a, b, c]        write a ──► a
 */
import {
  CHANNEL_VERSION,
  type HostReply,
  type PageRequest,
  type Replies,
} from '../../core/index.ts';
import type { Door } from './door.ts';
import { OffingError } from './errors.ts';

export interface Writes {
  readonly v: typeof CHANNEL_VERSION;
  readonly type: 'writes';
  readonly writes: readonly Write[];
}
type Write = Extract<PageRequest, { type: 'write' }>;

interface Waiting {
  readonly write: Write;
  readonly settle: (reply: HostReply) => void;
  readonly fail: (error: unknown) => void;
}

/** The host is to begin with them while others are still being made. */
const MOST_TOGETHER = 64;
/** So many turns of the microtask queue without another write: more than lie between two of a loop. */
const QUIET_TURNS = 32;

/** `door` takes many writes at once as well, once its host has said so. */
export function gather(
  door: (request: PageRequest | Writes) => Promise<HostReply | Replies>,
): Door {
  let isTaken = false;
  let gathered: Waiting[] = [];
  let count = 0;

  async function one(request: PageRequest): Promise<HostReply> {
    const reply = await door(request);
    if (reply.type === 'replies')
      throw new OffingError('unreachable', 'The host answered something else.');
    return reply;
  }

  async function many(group: readonly Waiting[]): Promise<void> {
    const writes = group.map(({ write }) => write);
    try {
      const reply = await door({ v: CHANNEL_VERSION, type: 'writes', writes });
      // A host of an earlier version has come meanwhile, and did nothing of it.
      if (reply.type !== 'replies') return apart(group);
      for (const [i, { settle }] of group.entries()) settle(reply.replies[i] as HostReply);
    } catch (error) {
      // One of them is not plain data: nothing was sent, and the others are to be.
      if (error instanceof OffingError && error.code === 'bad_request') return apart(group);
      for (const { fail } of group) fail(error);
    }
  }

  function apart(group: readonly Waiting[]): void {
    for (const { write, settle, fail } of group) one(write).then(settle, fail);
  }

  function send(): void {
    const group = gathered;
    gathered = [];
    if (group.length > 1) void many(group);
    else apart(group);
  }

  async function sendWhenQuiet(): Promise<void> {
    for (let turns = 0, known = count; turns < QUIET_TURNS; turns++) {
      await Promise.resolve();
      if (known !== count) turns = 0;
      known = count;
    }
    send();
  }

  return async (request) => {
    if (request.type !== 'write' || !isTaken) {
      // What was asked before it goes before it.
      send();
      const reply = await one(request);
      if (request.type === 'hello') isTaken = reply.type === 'ok' && reply.gathers === true;
      return reply;
    }
    count++;
    if (gathered.length === 0) void sendWhenQuiet();
    return new Promise((settle, fail) => {
      gathered.push({ write: request, settle, fail });
      if (gathered.length === MOST_TOGETHER) send();
    });
  };
}
