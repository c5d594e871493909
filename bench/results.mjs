/** The result of a bench: what was measured, on what, and what could not be. */
import { spread } from './statistics.mjs';

/**
 * @typedef {{ median: number, min: number, max: number, runs: readonly number[] }} Figure
 * @typedef {{ entrant: string, title: string, figures: Record<string, Figure>, failures: readonly string[] }} Row
 * @typedef {{ id: string, title: string, about: string, better: 'less' | 'more', drawn: readonly string[], rows: readonly Row[] }} Part `drawn` are the figures that a plot shows
 * @typedef {{ title: string, role: string, write: string, batch: string, server: string, versions: string }} Promised
 * @typedef {object} Result
 * @property {1} version of this format
 * @property {string} date
 * @property {string} scale
 * @property {number} runs
 * @property {number} seconds that it took
 * @property {{ cpus: number, model: string, memory: number, node: string, browser: string, load: number }} machine
 * @property {readonly Promised[]} contestants
 * @property {readonly { title: string, why: string }[]} leftOut
 * @property {readonly Part[]} parts
 */

/** Gathers the runs of one entrant in one workload. */
export class Runs {
  /** @type {Map<string, number[]>} */
  #values = new Map();
  /** @type {string[]} */
  #failures = [];

  /** @param {Record<string, number>} figures */
  add(figures) {
    for (const [name, value] of Object.entries(figures)) {
      this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
    }
  }

  /** @param {unknown} reason */
  fail(reason) {
    const text = reason instanceof Error ? reason.message : String(reason);
    this.#failures.push(
      text
        .split(/\s*\n\s*/)
        .join(' ')
        .slice(0, 300),
    );
  }

  /** @param {{ id: string, title: string }} entrant @returns {Row} */
  row({ id, title }) {
    return {
      entrant: id,
      title,
      figures: Object.fromEntries(
        [...this.#values].map(([name, runs]) => [name, { ...spread(runs), runs }]),
      ),
      failures: this.#failures,
    };
  }
}

/** The names of all figures of a part, in the order in which they come first. @param {Part} part */
export const figureNames = ({ rows }) => [
  ...new Set(rows.flatMap(({ figures }) => Object.keys(figures))),
];

export class ResultError extends Error {
  /** @override */
  name = 'ResultError';
}

/** Parses what an earlier run wrote. @param {string} text @returns {Result} */
export function readResult(text) {
  /** @type {unknown} */
  let found;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    throw new ResultError('the result is not JSON', { cause });
  }
  const { version, parts } = /** @type {Partial<Result>} */ (found ?? {});
  if (version !== 1 || !Array.isArray(parts)) {
    throw new ResultError('the result is of another bench: run `npm run bench` again');
  }
  return /** @type {Result} */ (found);
}
