/**
 * A reporter of Vitest's that names the tests which passed only at a second try, and writes their
 * names to the file in OFFING_FLAKY_REPORT: somebody should look at them.
 */
import { writeFileSync } from 'node:fs';

// oxlint-disable-next-line import/no-default-export -- because Vitest asks for it
export default class FlakyReporter {
  /** @type {string[]} */
  #names = [];

  /** @param {import('vitest/node').TestCase} test */
  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky)
      this.#names.push(`${test.module.relativeModuleId} ${test.fullName}`);
  }

  onTestRunEnd() {
    for (const name of this.#names) console.log(`flaky: ${name}`);
    const report = process.env['OFFING_FLAKY_REPORT'];
    if (report !== undefined) writeFileSync(report, JSON.stringify(this.#names));
  }
}
