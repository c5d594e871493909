/**
 * Status in plain words. Everything the app says about where changes are comes from here, and this
 * knows nothing but Status, the time, whether there is a network and why the app did not start: so it
 * can neither promise nor hide anything of its own.
 */
import type { Status } from '../../lib/index.ts';
import type { StartFault } from '../start/cannot-start.ts';
import { changes, duration } from './amounts.ts';
import { awayWords } from './away-words.ts';
import { failureWords, remedyWords } from './failure-words.ts';
import { lostWords, storageFaultWords } from './storage-words.ts';

/** calm: nothing to do; busy: under way; waiting: kept here for now; alert: a person is needed. */
export type Tone = 'calm' | 'busy' | 'waiting' | 'alert';
export type StatusIcon =
  | 'device'
  | 'server'
  | 'sending'
  | 'offline'
  | 'clock'
  | 'pause'
  | 'warning';

export interface StatusWords {
  readonly tone: Tone;
  readonly icon: StatusIcon;
  /** A few words, always on the screen. */
  readonly text: string;
  /** One or two sentences that say what it means. */
  readonly meaning: string;
}

export interface Clock {
  readonly now: number;
  /** A time of day as the person writes it. */
  readonly timeOfDay: (ms: number) => string;
  /** A date likewise. */
  readonly day: (ms: number) => string;
}

/** What is no part of the status. */
export interface Beside {
  readonly fault?: StartFault | null;
  /** False where the browser says that there is none. */
  readonly hasNetwork?: boolean;
}

export function statusWords(
  status: Status,
  clock: Clock,
  { fault = null, hasNetwork = true }: Beside = {},
): StatusWords {
  if (fault) return say('alert', 'warning', fault.text, `${fault.why} ${fault.remedy}`);
  const words = phaseWords(status, clock, hasNetwork);
  const refused = status.setAside > 0 || status.former > 0 || status.trouble !== null;
  const toned: StatusWords =
    refused && words.tone !== 'alert' ? { ...words, tone: 'alert', icon: 'warning' } : words;
  const known = withConflicts(withStorage(toned, status, clock), status.conflicts);
  const { away } = status;
  return away ? { ...known, meaning: `${awayWords(away, clock)} ${known.meaning}` } : known;
}

/** What the browser has lost, and that it may soon have no room, whatever else there is to say. */
function withStorage(words: StatusWords, status: Status, clock: Clock): StatusWords {
  const { lost, storage, account } = status;
  if (lost !== null) {
    const meaning = `${lostWords(lost, account, clock)} ${words.meaning}`;
    const isWhole = account !== null && lost.pending === 0;
    const what = isWhole ? 'Fetched anew' : 'Some was lost here';
    const text = words.tone === 'calm' ? what : `${words.text} · ${what.toLowerCase()}`;
    return { tone: 'alert', icon: 'warning', text, meaning };
  }
  if (!storage?.nearlyFull || words.tone === 'alert') return words;
  const meaning = `${words.meaning} The space for this app is nearly used up: free some on this device.`;
  return { tone: 'waiting', icon: 'warning', text: `${words.text} · nearly full`, meaning };
}

/** Nothing is lost by them and nothing waits for them: they are said after whatever else there is. */
function withConflicts(words: StatusWords, conflicts: number): StatusWords {
  if (conflicts === 0) return words;
  const meaning = `${words.meaning} Devices wrote different things at once: both are kept, for you to decide.`;
  const text = `${words.text} · ${conflicts}\u00a0to\u00a0decide`;
  return words.tone === 'calm' || words.tone === 'busy'
    ? { tone: 'waiting', icon: 'warning', text, meaning }
    : { ...words, text, meaning };
}

function phaseWords(status: Status, clock: Clock, hasNetwork: boolean): StatusWords {
  const { phase, pending } = status;
  switch (phase) {
    case 'starting':
      return say('busy', 'clock', 'Opening…', 'Your lists are being opened.');
    case 'storage-failed': {
      const { text, meaning } = storageFaultWords(status.storageFault);
      return say('alert', 'warning', text, meaning);
    }
    case 'update-needed':
      return say(
        'alert',
        'warning',
        `Update needed${kept(pending)}`,
        'This version of the app is too old for the server. Reload to update; your changes stay on this device until then. If that does not help, the server has no newer version yet.',
      );
    case 'paused':
      return say(
        'waiting',
        'pause',
        `Paused${kept(pending)}`,
        'You paused syncing. Changes are saved on this device and stay here until you resume.',
      );
    case 'needs-auth':
      return say(
        'alert',
        'warning',
        `Sign-in needed${kept(pending)}`,
        'The server no longer accepts this device. Open a new connect link; your changes stay on this device until then.',
      );
    case 'offline':
      return offlineWords(status, clock, hasNetwork);
    case 'waiting':
      return waitingWords(status, clock);
    case 'bootstrapping':
      return (
        (status.stalled && heldWords(status)) ||
        stalledWords(status, clock) ||
        say(
          'busy',
          'sending',
          'Fetching your lists…',
          'This device is being filled with what is on the server.',
        )
      );
    case 'syncing':
    case 'idle':
      return status.account === null ? HERE_ONLY : syncedWords(status, clock);
  }
}

const HERE_ONLY = say(
  'calm',
  'device',
  'Saved on this device',
  'Your lists are on this device only. Connect it to have them on your other devices.',
);

function offlineWords(status: Status, clock: Clock, hasNetwork: boolean): StatusWords {
  const held = kept(status.pending) || ' · nothing to send';
  return say(
    'waiting',
    'offline',
    `${hasNetwork ? 'Server not reached' : 'Offline'}${held}`,
    `${offlineReason(hasNetwork)} Changes are saved on this device${since(status, clock)}. It is tried again by itself.`,
  );
}

export const offlineReason = (hasNetwork: boolean): string =>
  hasNetwork
    ? 'There is a network, but the server cannot be reached over it.'
    : 'This device has no network.';

function waitingWords(status: Status, clock: Clock): StatusWords {
  const { waiting, pending } = status;
  const until = waiting && waiting.until > clock.now ? clock.timeOfDay(waiting.until) : null;
  const why = waiting ? `: ${failureWords(waiting)}` : '';
  return say(
    'waiting',
    'clock',
    until === null ? `Trying again${why}` : `Waiting to retry at ${until}${why}`,
    `${pending > 0 ? `${changes(pending)} kept on this device${since(status, clock)}.` : 'Everything from here was sent.'} ${remedyWords(waiting)}It is tried again by itself.`,
  );
}

function syncedWords(status: Status, clock: Clock): StatusWords {
  const { pending, behind, phase } = status;
  const held = heldWords(status) ?? stalledWords(status, clock);
  if (held) return held;
  if (pending > 0) {
    const text =
      phase === 'syncing' ? `Sending ${changes(pending)}…` : `${changes(pending)} to send`;
    return say('busy', 'sending', text, 'Saved on this device, and on its way to the server.');
  }
  if (behind > 0) {
    return say(
      'busy',
      'sending',
      `${changes(behind)} to fetch`,
      'Other devices wrote something that is not here yet.',
    );
  }
  if (status.lastSyncedAt === null) {
    return say(
      'busy',
      'clock',
      'Not synced yet',
      'This device is connected and has not heard from the server yet.',
    );
  }
  return say(
    'calm',
    'server',
    'All changes on the server',
    'Everything written here has reached the server.',
  );
}

/** What will not arrive, or not for now, comes first: then not everything is there, nor on its way. */
function heldWords({ trouble, setAside, former, pending }: Status): StatusWords | null {
  if (setAside > 0 && pending === 0) {
    const [are, them] = setAside === 1 ? ['It is', 'it'] : ['They are', 'them'];
    return say(
      'alert',
      'warning',
      `${changes(setAside)} set aside`,
      `${are} not on the server: that refused ${them}, or something went wrong on the way. ${are} kept on this device, but not shown in your lists, until you decide. Everything else written here has reached the server.`,
    );
  }
  if (trouble === null && former > 0 && pending === 0) {
    return say(
      'alert',
      'warning',
      'The server has lost something',
      `It was put back to an earlier day, and lacks something of ${former === 1 ? 'an entry' : `${former} entries`} that this device has had from it. That is kept here until you bring it back or let it go.`,
    );
  }
  if (trouble === null) return null;
  return say(
    'alert',
    'warning',
    `Not everything is synced${kept(pending)}`,
    pending > 0
      ? 'Your changes are saved on this device. Those of the list named below stay here for now; all others are sent.'
      : 'Everything written here has reached the server. The list named below is shown as it was last known.',
  );
}

/** Said when nothing known holds the changes up; where something does, its own words say so. */
function stalledWords(status: Status, clock: Clock): StatusWords | null {
  const { stalled, pending, oldestPendingAt } = status;
  if (!stalled) return null;
  const age = oldestPendingAt === null ? '' : ` for ${duration(clock.now - oldestPendingAt)}`;
  return say(
    'alert',
    'warning',
    `${changes(pending)} not sent${age}`,
    'Your changes are saved on this device, but they do not reach the server, and the reason is not known. Try “Sync now”, or reload.',
  );
}

/** How many things wait for the person's word. */
export const waitingForYou = ({ setAside, conflicts, former }: Status): number =>
  setAside + conflicts + former;

const since = ({ stalled, oldestPendingAt }: Status, clock: Clock): string =>
  stalled && oldestPendingAt !== null
    ? `, the oldest for ${duration(clock.now - oldestPendingAt)}`
    : '';

const kept = (pending: number): string => (pending > 0 ? ` · ${changes(pending)} kept here` : '');

function say(tone: Tone, icon: StatusIcon, text: string, meaning: string): StatusWords {
  return { tone, icon, text, meaning };
}
