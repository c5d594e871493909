/** Why an exchange with the server failed, and who can do something about it. Pure. */
import type { Status } from '../../lib/index.ts';

/** A few words, without a capital. */
export function failureWords({ failure }: NonNullable<Status['waiting']>): string {
  switch (failure.kind) {
    case 'network':
      return failure.why === 'timeout' ? 'no answer in time' : 'server not reached';
    case 'busy':
      if (failure.code === 'storage_full') return 'server is full';
      return failure.code === 'internal' ? 'server has a fault' : 'server busy';
    case 'auth':
      return 'sign-in needed';
    case 'refused':
      return 'server refused';
  }
}

/** Where it does not pass by itself: who can do something about it. */
export function remedyWords(waiting: Status['waiting']): string {
  switch (waiting?.failure.kind) {
    case 'busy':
      return waiting.failure.code === 'storage_full'
        ? 'Whoever runs the server has to make room there. '
        : '';
    case 'refused':
      return 'The server does not take what this app sends: a reload may help, or whoever runs the server. ';
    case 'network':
    case 'auth':
    case undefined:
      return '';
  }
}
