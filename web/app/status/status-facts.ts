/** The panel's lines: what is behind the few words of the indicator. */
import type { Status } from '../../lib/index.ts';
import { storageFacts } from './storage-words.ts';
import { amountFetched, changes, duration } from './amounts.ts';
import type { Clock } from './status-words.ts';

export interface Fact {
  readonly term: string;
  readonly value: string;
  readonly isAlert?: boolean;
}

/** `nameOf` tells what a list is called, by the id of its space, where it is known. */
export function statusFacts(
  status: Status,
  clock: Clock,
  nameOf: (space: string) => string | undefined = () => undefined,
): Fact[] {
  // Not even the account is known before the host has spoken.
  if (status.phase === 'starting') return [];
  if (status.account === null)
    return [
      { term: 'Account', value: 'None: these lists are on this device only' },
      ...storageFacts(status.storage),
    ];
  const { pending, oldestPendingAt, lastSyncedAt, behind, setAside, conflicts, trouble } = status;
  const facts: Fact[] = [
    { term: 'Account', value: status.account.name },
    {
      term: 'To send',
      value: pending === 0 ? 'Nothing' : changes(pending),
      isAlert: status.stalled,
    },
  ];
  if (oldestPendingAt !== null) {
    facts.push({
      term: 'Oldest of them',
      value: ago(oldestPendingAt, clock),
      isAlert: status.stalled,
    });
  }
  facts.push({
    term: 'Server last answered',
    value: lastSyncedAt === null ? 'Not yet' : ago(lastSyncedAt, clock),
  });
  if (status.filling)
    facts.push({ term: 'Fetched so far', value: capitalised(amountFetched(status.filling)) });
  else if (behind > 0) facts.push({ term: 'To fetch', value: changes(behind) });
  if (setAside > 0) {
    facts.push({
      term: 'Set aside',
      value: `${changes(setAside)} not on the server, kept here`,
      isAlert: true,
    });
  }
  if (conflicts > 0) {
    facts.push({
      term: 'To decide',
      value: `${conflictsInWords(conflicts)}: all that was written is kept`,
    });
  }
  if (status.former > 0) {
    facts.push({
      term: 'Lost by the server',
      value: `Something of ${status.former === 1 ? '1 entry' : `${status.former} entries`}, kept here`,
      isAlert: true,
    });
  }
  if (trouble !== null) {
    const name = nameOf(trouble.space);
    facts.push({
      term: name === undefined ? 'A list is not synced' : `“${name}” is not synced`,
      value: `${troubleWords(trouble.code)}${alsoTroubled(status.troubled - 1)}`,
      isAlert: true,
    });
  }
  return [
    ...facts,
    { term: 'With the app closed', value: deliveryWords(status) },
    ...storageFacts(status.storage),
  ];
}

const capitalised = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

const alsoTroubled = (others: number): string => (others > 0 ? `; nor are ${others} more` : '');

const conflictsInWords = (count: number): string =>
  count === 1 ? '1 conflict' : `${count} conflicts`;

function deliveryWords({ delivery, phase }: Status): string {
  switch (phase) {
    case 'paused':
      return 'Changes are not sent: syncing is paused';
    case 'needs-auth':
      return 'Changes are not sent until you connect again';
    case 'update-needed':
      return 'Changes are not sent until the app is updated';
    case 'starting':
    case 'storage-failed':
    case 'offline':
    case 'waiting':
    case 'bootstrapping':
    case 'syncing':
    case 'idle':
      return delivery === 'background'
        ? 'Changes are sent too, as soon as there is a connection'
        : 'Changes wait until you open it again';
  }
}

function troubleWords(code: string): string {
  switch (code) {
    case 'forbidden':
      return 'This account may not change it';
    case 'space_deleted':
      return 'It was deleted on the server';
    case 'no_such_space':
      return 'The server does not have it';
    case 'space_full':
      return 'The server has no more room for it';
    case 'protocol_unsupported':
      return 'The server is too old for what is on it';
    case 'epoch_changed':
    case 'cursor_ahead':
    case 'cursor_expired':
    case 'digest_mismatch':
    case 'clock_gap':
    case 'actor_forked':
      return `It is being compared with the server (${code})`;
    default:
      return `The server says ${code}`;
  }
}

function ago(ms: number, { now, timeOfDay }: Clock): string {
  const age = now - ms;
  if (age < 10_000) return 'just now';
  if (age < 60_000) return 'less than a minute ago';
  return `${duration(age)} ago (${timeOfDay(ms)})`;
}
