/** What went wrong, for people. By code: a message may be worded differently tomorrow. */
import { OffingError } from '../../lib/index.ts';

const WORDS: Readonly<Record<string, string>> = {
  storage_full: 'This device has no space left. Free some, then try again.',
  storage_failed: 'The browser could not save. Reload the page, then try again.',
  storage_blocked: 'Another tab has an older version of this app open. Close it, then try again.',
  storage_newer:
    'A newer version of this app was used here. Reload the page to get it, then try again.',
  storage_gone: 'The browser deleted what was kept on this device.',
  too_large: 'This is too long to be kept in one item. Shorten it, or split it up.',
  no_such_record: 'It is not here any more.',
  ambiguous_record: 'There are two copies of it. Reload the page, then try again.',
  // Also said of a list that was deleted on the server, so it claims no reason.
  forbidden: 'The server takes no changes to this list from this account.',
  not_former: 'It has come back by itself, or was decided on already.',
  not_set_aside: 'It was sent again or discarded already.',
  not_connected: 'This device is not connected to a server.',
  // The host on this device: no write waits for the server.
  unreachable: 'The part of this app that saves did not answer. Try again, or reload the page.',
  wrong_account: 'This device belongs to another account.',
  auth_failed: 'The link is not valid any more. Ask for a new one.',
  space_deleted: 'This list was deleted on the server.',
  closed: 'The app was closed. Reload the page.',
};

export function errorWords(error: unknown): string {
  if (error instanceof OffingError) return WORDS[error.code] ?? `${error.message} (${error.code})`;
  return error instanceof Error ? error.message : String(error);
}
