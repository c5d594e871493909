/**
 * What a workload is: a file of its own that exports `workload`.
 *
 * @typedef {import('../contestants.mjs').Contestant} Contestant
 * @typedef {Pick<Contestant, 'id' | 'title' | 'workloads' | 'batch' | 'most' | 'goesAhead' | 'fromMemory'>} Entrant
 * @typedef {{ entrant: Entrant, site: import('../site.mjs').Site, scale: import('../scale.mjs').Scale }} Setting
 *
 * @typedef {object} Workload
 * @property {string} id
 * @property {string} title
 * @property {string} about what is done and from when to when it is timed
 * @property {{ figures: (name: string) => boolean, better: 'less' | 'more' }} plot which of its figures are drawn
 * @property {(contestants: readonly Contestant[]) => readonly Entrant[]} entrants
 * @property {(setting: Setting) => Promise<Record<string, number>>} run once; a figure's name ends with its unit, behind a comma
 */

/** One that is no contestant: a variant that only one workload knows. @param {string} id @param {string} title @returns {Entrant} */
export const variant = (id, title) => ({ id, title, workloads: [], batch: '' });
