/** W9: the pure part alone: ops folded onto records, and the view of a record with ops pending on it. */
import { deriveView, encodePayload, fold, uuidV7 } from '../../dist/core/index.js';
import { variant } from './workload.mjs';

const IN_A_BATCH = 500;

/** @typedef {import('../../core/index.ts').SequencedOp} SequencedOp */
/** @typedef {import('../../core/index.ts').RecordState} RecordState */
/** @typedef {import('../../core/index.ts').RecordKey} RecordKey */

/** @type {import('./workload.mjs').Workload} */
export const workload = {
  id: 'W9',
  title: 'Fold and rebase',
  about:
    'Without a disk or a network: edits of one field, folded in batches of 500 onto so many records or onto records of so many fields; and the view of a record derived anew with so many ops pending on it. The limit parses the same texts and sets the same fields in a Map.',
  plot: { figures: (name) => name.includes('ops/s'), better: 'more' },
  entrants: () => [variant('offing', 'Offing'), variant('limit', 'JSON.parse and a Map')],
  async run({ entrant: { id }, scale: { fold: scale } }) {
    const folded = id === 'offing' ? foldAll : parseAll;
    /** @type {Record<string, number>} */
    const figures = {};
    for (const records of scale.records) {
      const log = logOf({ records, fields: 4, edits: scale.ops });
      figures[`onto ${records.toLocaleString('en')} records: ops/s`] = rate(log, folded);
    }
    for (const fields of scale.fields) {
      const log = logOf({ records: 1000, fields, edits: scale.ops });
      figures[`onto records of ${fields} fields: ops/s`] = rate(log, folded);
    }
    if (id !== 'offing') return figures;
    for (const pending of scale.pending) {
      figures[`views with ${pending.toLocaleString('en')} pending on each: views/s`] =
        views(pending);
    }
    return figures;
  },
};

/** @typedef {{ made: SequencedOp[], edits: SequencedOp[] }} Log */

/** @param {Log} log @param {(state: Map<RecordKey, RecordState>, ops: readonly SequencedOp[]) => void} folded */
function rate({ made, edits }, folded) {
  /** @type {Map<RecordKey, RecordState>} */
  const state = new Map();
  inBatches(made, (ops) => folded(state, ops));
  const start = performance.now();
  inBatches(edits, (ops) => folded(state, ops));
  return edits.length / ((performance.now() - start) / 1000);
}

/** @param {readonly SequencedOp[]} ops @param {(batch: readonly SequencedOp[]) => void} work */
function inBatches(ops, work) {
  for (let at = 0; at < ops.length; at += IN_A_BATCH) work(ops.slice(at, at + IN_A_BATCH));
}

const NOTHING = { tombstones: [], closed: [], open: [] };

/** @param {Map<RecordKey, RecordState>} state @param {readonly SequencedOp[]} ops */
function foldAll(state, ops) {
  const { records, malformed } = fold(
    { get: (key) => state.get(key), conflict: () => undefined, droppable: () => NOTHING },
    ops,
  );
  if (malformed.length > 0) throw new Error(malformed[0]?.why);
  for (const [key, record] of records) state.set(key, record);
}

/** @param {Map<unknown, unknown>} state @param {readonly SequencedOp[]} ops */
function parseAll(state, ops) {
  for (const { payload } of ops) {
    for (const { id, fields } of JSON.parse(payload).do) {
      state.set(id, { .../** @type {object | undefined} */ (state.get(id)), ...fields });
    }
  }
}

/** @param {number} pending */
function views(pending) {
  const { made, edits } = logOf({ records: 1, fields: 4, edits: pending });
  const { records } = fold(
    { get: () => undefined, conflict: () => undefined, droppable: () => NOTHING },
    made,
  );
  const [[key, confirmed] = []] = records;
  if (key === undefined) throw new Error('nothing was made');
  const times = Math.max(20, Math.round(20_000 / pending));
  const start = performance.now();
  for (let i = 0; i < times; i++) {
    const view = deriveView(key, confirmed, edits, () => undefined);
    if (view?.get('field0') !== `edit ${pending - 1}`) throw new Error('the last edit is not seen');
  }
  return times / ((performance.now() - start) / 1000);
}

/** Records made by one actor, and then edited by it in turn. @param {{ records: number, fields: number, edits: number }} sizes @returns {Log} */
function logOf({ records, fields, edits }) {
  const ids = Array.from({ length: records }, (_, i) =>
    uuidV7(i, new Uint8Array(10).fill(i % 251)),
  );
  const all = Object.fromEntries(
    Array.from({ length: fields }, (_, i) => [`field${i}`, `text ${i}`]),
  );
  let seq = 0;
  /** @param {string} id @param {object} rest */
  const op = (id, rest) => {
    seq += 1;
    const mutation = { kind: 'put', collection: 'items', id, ...rest };
    return /** @type {SequencedOp} */ (
      /** @type {unknown} */ ({
        seq,
        actor: ACTOR,
        clock: seq,
        base: seq - 1,
        at: seq,
        v: 1,
        payload: encodePayload([/** @type {never} */ (mutation)]),
      })
    );
  };
  return {
    made: ids.map((id) => op(id, { new: true, fields: all })),
    edits: Array.from({ length: edits }, (_, i) =>
      op(ids[i % records] ?? '', { fields: { field0: `edit ${i}` } }),
    ),
  };
}

const ACTOR = uuidV7(0, new Uint8Array(10));
