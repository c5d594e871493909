/** What is said in the place of something that is still to be fetched. Pure. */
import type { Phase } from '../../lib/index.ts';

/** What is to come: while it does, and in the sentence that says when it will. */
const TO_COME = {
  lists: ['your lists', 'Your lists are not here yet: they are fetched'],
  list: ['this list', 'This list is not here yet: it is fetched'],
} as const;

export function comingWords(what: keyof typeof TO_COME, phase: Phase): string {
  const [name, notYet] = TO_COME[what];
  switch (phase) {
    case 'starting':
    case 'idle':
    case 'syncing':
    case 'bootstrapping':
      return `Fetching ${name}…`;
    case 'offline':
      return `${notYet} as soon as the server can be reached.`;
    case 'waiting':
      return `${notYet} as soon as the server lets that happen.`;
    case 'paused':
      return `${notYet} when you resume syncing.`;
    case 'needs-auth':
      return `${notYet} when you have connected this device again.`;
    case 'update-needed':
      return `${notYet} when the app is updated.`;
    case 'storage-failed':
      return 'Nothing can be kept on this device now.';
  }
}
