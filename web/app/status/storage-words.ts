/** What the browser does with what is kept here, in plain words. Pure. */
import type { Status } from '../../lib/index.ts';
import { changes } from './amounts.ts';
import type { Clock } from './status-words.ts';
import type { Fact } from './status-facts.ts';

export function storageFacts(storage: Status['storage']): Fact[] {
  if (storage === null) return [];
  const { persisted, usage, quota, nearlyFull } = storage;
  return [
    {
      term: 'Kept by the browser',
      value: persisted ? 'Until you delete it' : 'Until it wants the space back',
    },
    {
      term: 'Space used',
      value: `${bytesInWords(usage)} of ${bytesInWords(quota)}${nearlyFull ? ': nearly full' : ''}`,
      isAlert: nearlyFull,
    },
  ];
}

/** Two digits that mean something: browsers blur the figures anyway. */
export function bytesInWords(bytes: number): string {
  const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [Math.max(0, bytes), 0];
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

interface FaultWords {
  readonly text: string;
  /** One or two sentences: what it means, and what to do. */
  readonly meaning: string;
  /** Whether a reload may help. */
  readonly mayReload: boolean;
}

export function storageFaultWords(fault: Status['storageFault']): FaultWords {
  switch (fault) {
    case 'full':
      return {
        text: 'No space left on this device',
        meaning:
          'The browser has no room for more. What was written before is kept; what you write now is not. Free some space on this device.',
        mayReload: false,
      };
    case 'blocked':
      return {
        text: 'Open in another tab',
        meaning:
          'Another tab still has an older version of this app open. Close it, or reload it: then this one goes on by itself.',
        mayReload: false,
      };
    case 'newer':
      return {
        text: 'Too old for what is here',
        meaning:
          'A newer version of this app was used on this device. Everything that it kept is still here, but this version cannot open it, and does not keep what you write now. Reload to get the newer version. If that does not help, the server does not have it any more: tell whoever runs it.',
        mayReload: true,
      };
    case 'failed':
    case null:
      return {
        text: 'Cannot save on this device',
        meaning:
          'The browser does not let this app write. What you type now is not kept. Free some space or close other tabs, then reload.',
        mayReload: true,
      };
  }
}

/** What the browser has lost of what was kept here, and what is left of it. */
export function lostWords(
  { pending, at }: NonNullable<Status['lost']>,
  account: Status['account'],
  { timeOfDay }: Pick<Clock, 'timeOfDay'>,
): string {
  const what = `The browser deleted what was kept on this device (noticed at ${timeOfDay(at)}).`;
  if (account === null) return `${what} Your lists were on this device only.`;
  const rest = 'Everything that was on the server is here again.';
  if (pending === 0) return `${what} ${rest}`;
  return `${what} ${changes(pending)} ${pending === 1 ? 'was only here and is' : 'were only here and are'} lost. ${rest}`;
}
