/**
 * What the log has next, asked for while what came before is folded: the network and the disk work at
 * one time, and a device that was away does not wait a round trip for each page. What is read so is
 * folded like a poke, where it follows on what is here (take-poke.ts); what it is not good for, the next
 * exchange asks for anew. Who only reads says nothing of how far they have come, so the server counts
 * no more as folded here than is.
 */
import {
  pageFrom,
  placeBehind,
  type Failure,
  type LogPage,
  type LogPlace,
  type Outcome,
  type PushAnswer,
  type PushRequest,
} from '../../core/index.ts';
import { isOfToken, noteFailure } from './exchange-notes.ts';
import type { Draining } from './exchange.ts';
import type { Ports } from './ports.ts';
import { reckon, takePoke, type Heard, type Reckoned } from './take-poke.ts';

/** A page that is on its way. */
export interface Ahead {
  /**
   * Folds it, and reads on until there is no more or something else comes first. Returns a failure that
   * no further request helps with; any other is met again by the exchange that follows.
   */
  goOn(): Promise<Failure | undefined>;
}

/** Begins to read behind what the answer brings, where it says that there is more. */
export function readAhead(
  draining: Pick<Draining, 'ports' | 'hooks' | 'watch' | 'hold' | 'connection' | 'asked'>,
  request: PushRequest,
  answer: PushAnswer,
): Ahead | undefined {
  const { ports, hooks, watch, hold, connection, asked } = draining;
  const start = placeBehind(request, answer);
  if (!start) return undefined;

  /** That a token is refused is noted also where nobody waits for the page any more. */
  async function pull(from: LogPlace): Promise<Outcome<Page | undefined>> {
    const answer = await ports.transport.pull(connection, from);
    if (answer.ok) return { ok: true, value: pageOf(ports, from, answer.value) };
    if (isOfToken(answer.failure))
      await noteFailure(ports, connection, answer.failure).catch(() => undefined);
    return answer;
  }

  let reading: Promise<Outcome<Page | undefined>> | undefined = pull(start);

  /** Whoever asks for an exchange is not to wait until the end of the log is reached. */
  async function goesOn(): Promise<boolean> {
    const { paused, authFailed } = await ports.session.load();
    return !paused && !authFailed && !asked.take();
  }

  async function readOn(tell: (absorbed: Absorbed) => Promise<void>): Promise<Failure | undefined> {
    while (reading) {
      const answer = await reading;
      if (!answer.ok) return isOfToken(answer.failure) ? answer.failure : undefined;
      const { value: page } = answer;
      if (!page || hold.isLost) return undefined;
      reading = page.next && (await goesOn()) ? pull(page.next) : undefined;
      const { absorbed } = await takePoke(ports, page.poke, page.reckoned);
      if (!absorbed) return undefined;
      watch.hasStored();
      await tell(absorbed);
    }
    return undefined;
  }

  return {
    async goOn() {
      let telling = Promise.resolve();
      // Of one page the app's pages are told while the next is folded, and of no more than one.
      async function tell(absorbed: Absorbed): Promise<void> {
        const before = telling;
        telling = Promise.allSettled([before]).then(() => hooks.onAbsorbed(absorbed));
        telling.catch(() => {}); // thrown where it is waited for
        await before;
      }
      try {
        return await readOn(tell);
      } finally {
        await telling;
      }
    },
  };
}

type Absorbed = NonNullable<Heard['absorbed']>;

/** A page with what can be said of it when it arrives, which is while the one before is folded. */
interface Page extends LogPage {
  readonly reckoned: Reckoned;
}

function pageOf(ports: Ports, from: LogPlace, answer: PushAnswer): Page | undefined {
  const page = pageFrom(from, answer);
  return page && { ...page, reckoned: reckon(ports, page.poke) };
}
