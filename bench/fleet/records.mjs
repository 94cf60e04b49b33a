/**
 * What one contestant needed for one phase, at one size and latency.
 * @typedef {object} FleetRecord
 * @property {number} resources
 * @property {number} latency Milliseconds per call.
 * @property {string} phase
 * @property {string} contestant
 * @property {number[]} milliseconds Wall time of each run; those of one index were made one after the other.
 * @property {import("./emulator.mjs").Calls} calls API calls of the last run, by route.
 * @property {number} [providerPeakBytes] The most of all runs.
 */

/** Everything that was measured side by side. */
export class FleetRecords {
  /**
   * @param {FleetRecord[]} [records]
   * @param {{ contestant: string, resources: number, bytes: number }[]} [states] Bytes of whole states.
   */
  constructor(records = [], states = []) {
    this.list = records;
    this.states = states;
  }

  /**
   * @param {Pick<FleetRecord, "resources" | "latency" | "phase" | "contestant">} key
   * @param {import("../contestants/contestants.mjs").Operation} operation
   * @param {import("./emulator.mjs").Calls} calls
   */
  add(key, { milliseconds, providerPeakBytes }, calls) {
    let record = this.find(key);
    if (record === undefined) {
      record = { ...key, milliseconds: [], calls };
      this.list.push(record);
    }
    record.milliseconds.push(milliseconds);
    record.calls = calls;
    if (providerPeakBytes !== undefined)
      record.providerPeakBytes = Math.max(record.providerPeakBytes ?? 0, providerPeakBytes);
  }

  /** @param {Pick<FleetRecord, "resources" | "latency" | "phase" | "contestant">} key */
  find(key) {
    return this.list.find(
      (one) =>
        one.resources === key.resources &&
        one.latency === key.latency &&
        one.phase === key.phase &&
        one.contestant === key.contestant,
    );
  }

  /**
   * @param {string} contestant
   * @param {number} resources
   */
  stateBytes(contestant, resources) {
    return this.states.find((one) => one.contestant === contestant && one.resources === resources)?.bytes;
  }
}

/** @param {import("./emulator.mjs").Calls} calls */
export function sumOf(calls) {
  return Object.values(calls).reduce((sum, count) => sum + count, 0);
}
