/**
 * P1: what was set aside on the server's word is the very op that it was said of. Under one clock the
 * server settles one op, the first that it takes or refuses: of another one, by a copy of the same
 * database, it has then said nothing.
 */
import type { PushAnswer } from '../../core/index.ts';
import type { SetAside } from '../../sw/engine/ports.ts';
import { Violation } from './faults.ts';
import type { SentReply, SentRequest } from './network.ts';
import type { SimDevice } from './sim-device.ts';
import { pushedIn } from './watch-sent.ts';
import { markOf } from './words.ts';
import type { World } from './world.ts';

/**
 * Takes down which op the server has settled under which clock, and holds it against what it says to
 * others. An error speaks of clocks alone, and says nothing of the ops that came with the request.
 */
export function watchSettling({ settled }: World, request: SentRequest, reply: SentReply): void {
  const pushed = pushedIn(request);
  if (reply.status !== 200 || pushed.length === 0) return;
  const { spaces } = JSON.parse(reply.body) as PushAnswer;
  for (const [space, { actor, ops = [] }] of pushed) {
    const answer = spaces[space];
    if (!answer || 'error' in answer) continue;
    for (const op of ops) {
      const mark = 'void' in op ? undefined : markOf(op.payload);
      if (mark === undefined || op.clock > answer.acked) continue;
      const name = `${actor}:${op.clock}`;
      const known = settled.get(name) ?? mark;
      if (known !== mark)
        throw new Violation('P1', `the server settles ${mark} under ${name}, which is ${known}`);
      settled.set(name, mark);
    }
  }
}

/** Codes that say something of one op, and not of its space. */
const OF_AN_OP = new Set(['too_large', 'bad_op', 'not_in_log']);

/** Looks at each op when it has just been set aside: a server that is put back forgets why. */
export function watchRefusals({ settled, logs, aside }: World, device: SimDevice): void {
  for (const one of device.disk.rows<SetAside>('_aside')) {
    const { row, index, actor, clock, code, payload } = one;
    const name = `${device.index} ${row}:${index} ${code}`;
    if (aside.has(name)) continue;
    aside.add(name);
    const mark = markOf(payload);
    if (mark === undefined || clock === undefined || !OF_AN_OP.has(code)) continue;
    const known = settled.get(`${actor}:${clock}`) ?? mark;
    if (known !== mark)
      throw new Violation('P1', `${device.name}: ${mark} is set aside for what befell ${known}`);
    if (code === 'not_in_log' && logs.find(mark))
      throw new Violation('P1', `${device.name}: ${mark} is set aside, and is in the log`);
  }
}
