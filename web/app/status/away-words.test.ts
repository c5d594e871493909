import { describe, expect, it } from 'vitest';
import { awayWords } from './away-words.ts';

const NOW = Date.UTC(2026, 8, 1);
const clock = { now: NOW, day: (ms: number) => new Date(ms).toISOString().slice(0, 10) };
const words = (kept: number, deleted: number, since: number | null = Date.UTC(2026, 2, 14)) =>
  awayWords({ since, kept, deleted }, clock);

describe('who was away for too long', () => {
  it('[AP41] reads since when, and that the lists were fetched anew', () => {
    expect(words(0, 0)).toBe(
      'Last synced here on 2026-03-14: the server does not keep changes that long, so your lists were fetched anew.',
    );
    for (const since of [null, NOW - 60_000]) {
      expect(words(0, 0, since)).toBe(
        'Some lists had not been synced here for so long that they were fetched anew.',
      );
    }
  });

  it.each([
    [1, 0, 'The 1 change that waited here is kept.'],
    [3, 0, 'The 3 changes that waited here are kept.'],
    [1, 1, 'kept. One thing that you changed was deleted meanwhile: you decide about it.'],
    [3, 2, 'kept. 2 things that you changed were deleted meanwhile: you decide about them.'],
  ])('[AP41] reads of %i own changes, and of %i things that are gone', (kept, gone, end) => {
    expect(words(kept, gone).endsWith(` ${end}`)).toBe(true);
  });
});
