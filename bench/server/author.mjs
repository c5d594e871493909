/** Somebody who pushes to a space of their own: builds each request from the answer to the last. */
import { randomBytes } from 'node:crypto';
import { uuidV7 } from '../../dist/core/index.js';
import { pushRequest } from './connection.mjs';

export const uuid = () => uuidV7(Date.now(), randomBytes(10));

/** The text of one op: a new item, as an app for lists writes it. @param {number} n */
export const payload = (n) =>
  JSON.stringify({
    do: [
      {
        kind: 'put',
        collection: 'items',
        id: uuid(),
        new: true,
        fields: {
          title: `Item ${n}, thirty characters long`,
          note: 'A note of about sixty characters, as people write them.',
          done: false,
          order: `a${n}`,
        },
      },
    ],
  });

export class Author {
  /** @param {string} [space] one of their own where none is named */
  constructor(space = uuid()) {
    this.space = space;
  }

  #actor = uuid();
  #clock = 0;
  /** @type {{ head: number, epoch?: string, digest?: string }} */
  #log = { head: 0 };

  /** Texts of ops are made before they are timed. @param {readonly string[]} payloads @param {string} token */
  push(token, payloads) {
    const base = this.#log.head;
    const ops = payloads.map((text) => ({
      clock: ++this.#clock,
      base,
      at: Date.now(),
      v: 1,
      payload: text,
    }));
    return pushRequest(
      token,
      JSON.stringify({ spaces: { [this.space]: { ...this.#standing(), ops } } }),
    );
  }

  /** @param {string} token */
  poll(token) {
    return pushRequest(token, JSON.stringify({ spaces: { [this.space]: this.#standing() } }));
  }

  #standing() {
    const { head, epoch, digest } = this.#log;
    const known = epoch ? { epoch, digest } : {};
    return { actor: this.#actor, since: head, create: true, ...known };
  }

  /** Takes in an answer that has everything up to the head. @param {Buffer} body */
  hear(body) {
    const answer = JSON.parse(body.toString()).spaces[this.space];
    if (answer.error || answer.more) throw new Error(JSON.stringify(answer).slice(0, 500));
    this.#log = answer.epoch ? answer : this.#log;
  }
}
