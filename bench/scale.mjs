/** How large each workload is. `tiny` proves that everything runs to its end, and measures nothing. */

/**
 * @typedef {object} Scale
 * @property {number} runs
 * @property {number} longestMs that one run of one contestant may take before it counts as failed
 * @property {number} writes awaited one by one (W1)
 * @property {readonly number[]} depths of the outbox (W1)
 * @property {readonly number[]} stock records that are there when one more is written (W1)
 * @property {readonly number[]} records written, drained and bootstrapped (W2, W3, W5)
 * @property {number} most records that are written one by one: what is larger goes as a batch
 * @property {readonly ('addEach' | 'addBatch')[]} drains how what is drained was written (W3)
 * @property {number} edits from device to device (W4)
 * @property {{ pushes: number, batches: number, pollers: number, listeners: number, log: number }} server (W6)
 * @property {number} list items on one screen (W8)
 * @property {{ ops: number, records: readonly number[], pending: readonly number[], fields: readonly number[] }} fold (W9)
 */

/** @type {Record<import('./arguments.mjs').ScaleName, Scale>} */
export const SCALES = {
  tiny: {
    runs: 1,
    longestMs: 60_000,
    writes: 5,
    depths: [0, 20],
    stock: [30, 60, 100],
    records: [60],
    most: 60,
    drains: ['addEach', 'addBatch'],
    edits: 3,
    server: { pushes: 256, batches: 2, pollers: 128, listeners: 20, log: 4000 },
    list: 300,
    fold: { ops: 1000, records: [100, 1000], pending: [1, 10], fields: [1, 10] },
  },
  quick: {
    runs: 5,
    longestMs: 180_000,
    writes: 50,
    depths: [0, 1000],
    stock: [1000, 10_000],
    records: [1000],
    most: 1000,
    drains: ['addEach'],
    edits: 20,
    server: { pushes: 2048, batches: 20, pollers: 2000, listeners: 1000, log: 50_000 },
    list: 5000,
    fold: { ops: 20_000, records: [1000, 100_000], pending: [1, 100], fields: [1, 30] },
  },
  full: {
    runs: 5,
    longestMs: 900_000,
    writes: 200,
    depths: [0, 1000, 10_000],
    stock: [1000, 10_000, 100_000, 200_000],
    records: [5000, 50_000],
    most: 5000,
    drains: ['addEach', 'addBatch'],
    edits: 60,
    server: { pushes: 4096, batches: 40, pollers: 10_000, listeners: 1000, log: 1_000_000 },
    list: 20_000,
    fold: {
      ops: 100_000,
      records: [1000, 10_000, 100_000, 200_000],
      pending: [1, 10, 100, 1000],
      fields: [1, 10, 100],
    },
  },
};
