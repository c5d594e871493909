/**
 * What comes by a message port: what any door takes, and many writes in one message. Of these each
 * stands or falls alone, as if it had come by itself.
 */
import { CHANNEL_VERSION, isObject, type HostReply, type Replies } from '../../core/index.ts';
import { answer } from './answer.ts';
import type { Engine } from './create-engine.ts';

/** Answers any value; `keepAlive` gets what goes on after the answer. */
export async function answerPort(
  engine: Engine,
  message: unknown,
  keepAlive: (work: Promise<unknown>) => void,
): Promise<HostReply | Replies> {
  const writes = writesIn(message);
  if (writes) {
    // All begun before any is done: they come to the engine in their order.
    const replies = writes.map((write) => answer(engine, write, keepAlive));
    return { type: 'replies', replies: await Promise.all(replies) };
  }
  const reply = await answer(engine, message, keepAlive);
  return isOf(message, 'hello') && reply.type === 'ok' ? { ...reply, gathers: true } : reply;
}

/** What is no such message of many is answered like any other that is none. */
function writesIn(message: unknown): readonly unknown[] | undefined {
  if (!isOf(message, 'writes') || message['v'] !== CHANNEL_VERSION) return undefined;
  const { writes } = message;
  const isSound =
    Array.isArray(writes) && writes.length > 0 && writes.every((one) => isOf(one, 'write'));
  return isSound ? writes : undefined;
}

const isOf = (message: unknown, type: string): message is Record<string, unknown> =>
  isObject(message) && message['type'] === type;
