import { describe, expect, it } from 'vitest';
import { cutDown } from './cut-down.ts';

const numbers = Array.from({ length: 100 }, (_, i) => i);

describe('cutting down what breaks something', () => {
  it('[SI5] leaves the few items that it takes, in their order', async () => {
    const isBroken = async (items: readonly number[]) =>
      [63, 17, 98].every((one) => items.includes(one));
    expect((await cutDown(numbers, isBroken, 1000)).items).toEqual([17, 63, 98]);
  });

  it('[SI5] leaves nothing where nothing is needed, and all where all are', async () => {
    expect((await cutDown(numbers, async () => true, 1000)).items).toEqual([]);
    const isWhole = async (items: readonly number[]) => items.length === numbers.length;
    expect((await cutDown(numbers, isWhole, 1000)).items).toEqual(numbers);
  });

  it('[SI5] is content with what it has after as many tries as it may take', async () => {
    const isBroken = async (items: readonly number[]) => items.includes(5);
    const { items, tries } = await cutDown(numbers, isBroken, 3);
    expect(tries).toBe(3);
    expect(items).toContain(5);
  });
});
