/**
 * @typedef {object} Summary
 * @property {number} passed
 * @property {number} failed Failed tests, and suites that could not be run at all.
 * @property {number} skipped
 * @property {string[]} skips Name and reason of each skipped test.
 * @property {string[]} unexplained Skipped tests without a reason.
 */

/**
 * Adds up the report that jest wrote with `--json`.
 * @param {any} report
 * @returns {Summary}
 */
export function summarize(report) {
  const summary = { passed: 0, failed: 0, skipped: 0, skips: [], unexplained: [] };
  for (const suite of report.testResults) {
    for (const test of suite.assertionResults) {
      if (test.status === "passed") summary.passed += 1;
      else if (test.status === "failed") summary.failed += 1;
      else addSkip(summary, test);
    }
    // A suite that fails without a failed test could not be loaded, or failed in its set-up.
    const hasFailure = suite.assertionResults.some((/** @type {any} */ test) => test.status === "failed");
    if (suite.status === "failed" && !hasFailure) summary.failed += 1;
  }
  return summary;
}

/**
 * @param {Summary} summary
 * @param {{ fullName: string }} test
 */
function addSkip(summary, test) {
  summary.skipped += 1;
  const reason = /\[skipped: ([^\]]+)\]/.exec(test.fullName);
  const name = test.fullName.replace(/\s*\[skipped: [^\]]+\]/, "");
  if (reason) summary.skips.push(`${name}: ${reason[1]}`);
  else summary.unexplained.push(test.fullName);
}

/** @param {{ passed: number, failed: number, skipped: number }} counts */
export function totals({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
