/** The few statistics that the figures need. */

/** The value below which a fraction `p` of the sample lies (nearest rank). @param {number[]} sample @param {number} p */
export function percentile(sample, p) {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

/** @param {number[]} sample */
export const median = (sample) => percentile(sample, 0.5);

/** Median, least and greatest of one figure over several runs. @param {number[]} runs */
export const spread = (runs) => ({
  median: median(runs),
  min: Math.min(...runs),
  max: Math.max(...runs),
});
