/**
 * What is asked of Offing Lists in its page: each function is sent into the browser alone, and so knows
 * nothing but what is in it.
 */

/** Before the app's own scripts: notes when rows are first drawn, when all are there, and when a message has come. */
export function watchFromTheStart() {
  /** @type {{ rows?: number, whole?: number, messages: { text: string, at: number }[] }} */
  const seen = { messages: [] };
  Object.assign(globalThis, { seen });
  /** @param {string} selector @param {(at: number) => void} note */
  const look = (selector, note) => {
    const again = () => look(selector, note);
    if (!document.querySelector(selector)) return void requestAnimationFrame(again);
    // In this frame it is drawn: a task later that is over.
    setTimeout(() => note(performance.now()));
  };
  requestAnimationFrame(() => {
    look('[data-testid=item]', (at) => (seen.rows = at));
    // Of its counts the app knows when it has all rows; until then nothing can be done to one.
    look('[data-testid=list-counts]', (at) => (seen.whole = at));
  });
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    seen.messages.push({ text: JSON.stringify(data), at: performance.now() });
  });
}

/** Ms from the page's being asked for until its first rows were drawn, and until all are there. @returns {Promise<{ rows: number, whole: number }>} */
export async function painted() {
  const { seen } = /** @type {{ seen: { rows?: number, whole?: number } }} */ (
    /** @type {unknown} */ (globalThis)
  );
  for (;;) {
    const { rows, whole } = seen;
    if (rows !== undefined && whole !== undefined) return { rows, whole };
    await new Promise((done) => setTimeout(done, 5));
  }
}

/** Ms from a click on the second item's box until it is drawn as done. @returns {Promise<number>} */
export async function edited() {
  const row = document.querySelectorAll('[data-testid=item]')[1];
  const box = row?.querySelector('input');
  const id = row?.getAttribute('data-id');
  if (!box) throw new Error('no second item');
  const start = performance.now();
  box.click();
  const isDone = () => document.querySelector(`[data-id="${id}"]`)?.classList.contains('is-done');
  while (!isDone()) await new Promise((done) => requestAnimationFrame(done));
  await new Promise((done) => setTimeout(done));
  return performance.now() - start;
}

/** Ms from the message that tells of this title until it is drawn. @param {string} title @returns {Promise<number>} */
export async function told(title) {
  const { seen } = /** @type {{ seen: { messages: { text: string, at: number }[] } }} */ (
    /** @type {unknown} */ (globalThis)
  );
  const isShown = () =>
    [...document.querySelectorAll('[data-testid=item-title]')]
      .slice(0, 50)
      .some((element) => element.textContent?.trim() === title);
  while (!isShown()) await new Promise((done) => requestAnimationFrame(done));
  await new Promise((done) => setTimeout(done));
  const now = performance.now();
  const message = seen.messages.find(({ text }) => text.includes(title));
  if (!message) throw new Error('it is shown, and no message told of it');
  return now - message.at;
}

/** Scrolls a long way down, a step each frame; how long the frames took. @returns {Promise<{ p95: number, longest: number }>} */
export async function scrolled() {
  const FRAMES = 90;
  const STEP = 400;
  /** @type {Element | null | undefined} */
  let box = document.querySelector('[data-testid=item]');
  while (box && !(box.scrollHeight > box.clientHeight + STEP && canScroll(box))) {
    box = box.parentElement;
  }
  const scroller = box ?? document.scrollingElement;
  if (!scroller) throw new Error('nothing scrolls');
  /** @type {number[]} */
  const frames = [];
  let last = await new Promise((done) => requestAnimationFrame(done));
  for (let i = 0; i < FRAMES; i++) {
    scroller.scrollTop += STEP;
    const now = await new Promise((done) => requestAnimationFrame(done));
    frames.push(now - last);
    last = now;
  }
  if (scroller.scrollTop === 0) throw new Error('it did not scroll');
  frames.sort((a, b) => a - b);
  return { p95: frames[Math.ceil(FRAMES * 0.95) - 1] ?? 0, longest: frames[FRAMES - 1] ?? 0 };

  /** @param {Element} element */
  function canScroll(element) {
    return /auto|scroll/.test(getComputedStyle(element).overflowY);
  }
}

/** In the page: resolves when the app's tables have so many items. @param {number} count */
export async function arrived(count) {
  while ((await items()) < count) await new Promise((done) => setTimeout(done, 20));

  /** @returns {Promise<number>} */
  async function items() {
    const names = (await indexedDB.databases()).map(({ name = '' }) => name);
    if (!names.includes('offing-lists')) return 0;
    return new Promise((done, failed) => {
      const opening = indexedDB.open('offing-lists');
      opening.addEventListener('error', () => failed(opening.error ?? new Error('no reason')));
      opening.addEventListener('success', () => {
        const db = opening.result;
        const has = db.objectStoreNames.contains('items');
        const counting = has ? db.transaction('items').objectStore('items').count() : undefined;
        counting?.addEventListener('success', () => done(counting.result));
        if (!has) done(0);
        // It closes when that is done: an open one would hold up whoever changes the tables.
        db.close();
      });
    });
  }
}
