/** Following something later than it is asked for. */
import type { Live } from '../../lib/index.ts';

/** The same, followed from `then` on, which does not reject; not at all by who has left before. */
export const after = <T>(then: Promise<unknown>, live: Live<T>): Live<T> => ({
  subscribe(observer) {
    let isOver = false;
    let subscription: ReturnType<Live<T>['subscribe']> | undefined;
    void then.then(() => {
      if (!isOver) subscription = live.subscribe(observer);
    });
    return {
      unsubscribe() {
        isOver = true;
        subscription?.unsubscribe();
      },
    };
  },
});
