/** What is said in the place of something that is still to be fetched. Pure. */
import type { Phase } from '../../lib/index.ts';

/** What is to come, and the end of the sentence that says when. */
const TO_COME = {
  lists: ['your lists', 'they are fetched'],
  list: ['this list', 'it is fetched'],
} as const;

export function comingWords(what: keyof typeof TO_COME, phase: Phase): string {
  const [name, fetched] = TO_COME[what];
  switch (phase) {
    case 'starting':
    case 'idle':
    case 'syncing':
    case 'bootstrapping':
      return `Fetching ${name}…`;
    case 'offline':
      return `Not here yet: ${fetched} as soon as the server can be reached.`;
    case 'waiting':
      return `Not here yet: ${fetched} as soon as the server lets that happen.`;
    case 'paused':
      return `Not here yet: ${fetched} when you resume syncing.`;
    case 'needs-auth':
      return `Not here yet: ${fetched} when you have connected this device again.`;
    case 'update-needed':
      return `Not here yet: ${fetched} when the app is updated.`;
    case 'storage-failed':
      return `Not here: nothing can be kept on this device now.`;
  }
}
