/** What comes by a message port: what any door takes, and many writes in one message. */
import {
  isObject,
  parse,
  WritesRequestSchema,
  type HostReply,
  type Replies,
} from '../../core/index.ts';
import { answer } from './answer.ts';
import type { Engine } from './create-engine.ts';

/** Answers any value; `keepAlive` gets what goes on after the answer. */
export async function answerPort(
  engine: Engine,
  message: unknown,
  keepAlive: (work: Promise<unknown>) => void,
): Promise<HostReply | Replies> {
  const parsed =
    isObject(message) && message['type'] === 'writes' && parse(WritesRequestSchema, message);
  // What is no good message of many is refused like any other that is none.
  if (parsed && parsed.ok) {
    // All begun before any is done: they come to the engine in their order.
    const replies = parsed.value.writes.map((write) => answer(engine, write, keepAlive));
    return { type: 'replies', replies: await Promise.all(replies) };
  }
  const reply = await answer(engine, message, keepAlive);
  const isGreeting = isObject(message) && message['type'] === 'hello';
  return isGreeting && reply.type === 'ok' ? { ...reply, gathers: true } : reply;
}
