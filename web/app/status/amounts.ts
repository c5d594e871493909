/** How many and how long, as people say it. Pure. */
import type { Status } from '../../lib/index.ts';

type Amount = Pick<NonNullable<Status['filling']>, 'records' | 'ofRecords'>;

export const changes = (count: number): string => (count === 1 ? '1 change' : `${count} changes`);

/** How much of the lists that are new here has come, as far as it is known how much there is. */
export const amountFetched = ({ records, ofRecords }: Amount): string =>
  ofRecords === 0
    ? 'nothing yet'
    : `${records.toLocaleString('en')} of ${ofRecords.toLocaleString('en')} entries`;

/** Coarse, as people say it. */
export function duration(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return plural(minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? plural(hours, 'hour') : plural(Math.floor(hours / 24), 'day');
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
