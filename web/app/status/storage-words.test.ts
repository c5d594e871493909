import { describe, expect, it } from 'vitest';
import type { Status } from '../../lib/index.ts';
import { bytesInWords, lostWords, storageFacts, storageFaultWords } from './storage-words.ts';

const storage = { persisted: false, asked: true, usage: 12_300_000, quota: 2e9, nearlyFull: false };
const account = { id: '0199', name: 'ada' } as unknown as Status['account'];
const clock = { timeOfDay: () => '12:03' };

describe('[AP23] the storage of this device, in words', () => {
  it('says whether it is kept, and how much room it takes', () => {
    expect(storageFacts(storage)).toEqual([
      { term: 'Kept by the browser', value: 'Until it wants the space back' },
      { term: 'Space used', value: '12 MB of 2.0 GB', isAlert: false },
    ]);
    const full = storageFacts({ ...storage, persisted: true, usage: 1.99e9, nearlyFull: true });
    expect(full.map(({ value, isAlert }) => [value, isAlert === true])).toEqual([
      ['Until you delete it', false],
      ['2.0 GB of 2.0 GB: nearly full', true],
    ]);
    expect(storageFacts(null)).toEqual([]);
  });

  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1_500, '1.5 kB'],
    [999_600, '1.0 MB'],
    [52_428_800, '52 MB'],
    [-1, '0 bytes'],
  ])('%i bytes are %s', (bytes, words) => {
    expect(bytesInWords(bytes)).toBe(words);
  });

  it('says of each fault what to do', () => {
    const faults = ['full', 'blocked', 'newer', 'failed', null] as const;
    const texts = faults.map((fault) => storageFaultWords(fault).text);
    expect(texts).toEqual([
      'No space left on this device',
      'Open in another tab',
      'Too old for what is here',
      'Cannot save on this device',
      'Cannot save on this device',
    ]);
    expect(faults.map((fault) => storageFaultWords(fault).mayReload)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('says plainly what the browser has lost', () => {
    const lost = (pending: number) => ({ at: 0, pending });
    expect(lostWords(lost(0), account, clock)).toBe(
      'The browser deleted what was kept on this device (noticed at 12:03). Everything that was on the server is here again.',
    );
    expect(lostWords(lost(1), account, clock)).toContain('1 change was only here and is lost.');
    expect(lostWords(lost(3), account, clock)).toContain('3 changes were only here and are lost.');
    expect(lostWords(lost(3), null, clock)).toContain('on this device only');
  });
});
