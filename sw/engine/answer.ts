/** One handler behind every door: parse at the door, let the engine carry it out, never throw. */
import { PageRequestSchema, parse, type HostReply } from '../../core/index.ts';
import type { Engine } from './create-engine.ts';

/** Answers any value; `keepAlive` gets what goes on after the answer. */
export async function answer(
  engine: Engine,
  request: unknown,
  keepAlive: (work: Promise<unknown>) => void,
): Promise<HostReply> {
  const parsed = parse(PageRequestSchema, request);
  if (!parsed.ok) {
    return { type: 'error', code: 'bad_request', detail: `${parsed.path}: ${parsed.fault}` };
  }
  const handling = engine.handle(parsed.value);
  try {
    const { reply, afterwards } = await handling;
    if (afterwards) keepAlive(afterwards);
    return reply;
  } catch {
    // A page that hears nothing would wait until it gives up; the fault itself goes to the console.
    keepAlive(handling);
    return { type: 'error', code: 'internal', detail: 'The host failed; its console says how.' };
  }
}
