import { describe, expect, it } from 'vitest';
import type { Live } from '../../lib/index.ts';
import { after } from './after.ts';

/** Tells each follower once, and counts those that are still there. */
function oneTold() {
  let followers = 0;
  const live: Live<string> = {
    subscribe(to) {
      followers += 1;
      if (typeof to === 'function') to('told');
      return { unsubscribe: () => void (followers -= 1) };
    },
  };
  return { live, followers: () => followers };
}

describe('following after something', () => {
  it('begins when that is over, and ends with the subscription', async () => {
    const { live, followers } = oneTold();
    const heard: string[] = [];
    let end = (): void => {};
    const subscription = after(new Promise<void>((done) => (end = done)), live).subscribe((said) =>
      heard.push(said),
    );
    await Promise.resolve();
    expect([followers(), heard]).toEqual([0, []]);
    end();
    await Promise.resolve();
    expect([followers(), heard]).toEqual([1, ['told']]);
    subscription.unsubscribe();
    expect(followers()).toBe(0);
  });

  it('never begins for who has left by then', async () => {
    const { live, followers } = oneTold();
    const over = Promise.resolve();
    after(over, live)
      .subscribe(() => {})
      .unsubscribe();
    await over;
    expect(followers()).toBe(0);
  });
});
