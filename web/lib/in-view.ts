/** What was accepted ahead of its records: it is durable, and they follow at once. */
import type { Environment } from './environment.ts';
import { OffingError } from './errors.ts';
import type { Session } from './session.ts';

/** On a disk that is full, say. */
const AGAIN_MS = 1000;

/** Resolves when the records are in the tables, however often the host fails over it; they will be. */
export async function whenInView(
  { ask }: Pick<Session, 'ask'>,
  environment: Pick<Environment, 'after'>,
): Promise<void> {
  for (;;) {
    try {
      await ask({ type: 'unfold' });
      return;
    } catch (error) {
      if (error instanceof OffingError && NOT_ANY_MORE.includes(error.code)) return;
      await new Promise<void>((done) => environment.after(AGAIN_MS, done));
    }
  }
}

/** Nobody reads here any more; or a host of an earlier version has come, which knows of nothing ahead. */
const NOT_ANY_MORE = ['closed', 'bad_request'];
