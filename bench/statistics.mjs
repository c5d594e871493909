/** The few statistics that the figures need. */

/** The value below which a fraction `p` of the sample lies (nearest rank). @param {readonly number[]} sample @param {number} p */
export function percentile(sample, p) {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

/** @param {readonly number[]} sample */
export const median = (sample) => percentile(sample, 0.5);

/** Each asked percentile with its value. @param {readonly number[]} sample @param {readonly number[]} percents @returns {[percent: number, value: number][]} */
export const timesOf = (sample, percents) =>
  percents.map((percent) => [percent, percentile(sample, percent / 100)]);

/** Median, least and greatest of one figure over several runs. @param {readonly number[]} runs */
export const spread = (runs) => ({
  median: median(runs),
  min: Math.min(...runs),
  max: Math.max(...runs),
});
