import { FleetRecords } from "../fleet/records.mjs";
import { columns } from "./columns.mjs";
import { callRows, fleetRows, weightRows } from "./fleet-table.mjs";
import { tableOf } from "./results.mjs";

/**
 * The JSON of a run.
 * @typedef {object} Report
 * @property {string} date When it began.
 * @property {boolean} quick Whether it was a look and no measurement.
 * @property {string} machine
 * @property {import("../fleet/fleet.mjs").FleetReport} [fleet] Absent where fleets were left out.
 * @property {import("./results.mjs").Result[]} results What has a goal.
 */

/**
 * Whether a JSON file is that of a run, as far as pages are written from it.
 * @param {any} value
 * @returns {value is Report}
 */
export function isReport(value) {
  const { date, machine, results, fleet } = value ?? {};
  const isFleet = (/** @type {any} */ { contestants, absent, records, states, growth } = {}) =>
    [contestants, absent, records, states, growth].every(Array.isArray);
  const isWhole = typeof date === "string" && typeof machine === "string" && Array.isArray(results);
  return isWhole && (fleet === undefined || isFleet(fleet));
}

/** The goals are set for a fleet of this size. */
const GOAL_SIZE = 1_000;

/**
 * A run for people.
 * @param {Report} report
 */
export function textOf({ quick, machine, fleet, results }) {
  const missed = results.filter(({ met }) => met === false).map(({ name }) => name);
  const largest = Math.max(0, ...(fleet?.records ?? []).map(({ resources }) => resources));
  const unknown = results.filter(({ value }) => value === undefined).length;
  return [
    ...(fleet === undefined ? [] : fleetText(fleet)),
    tableOf(results),
    "",
    ...(largest > 0 && largest < GOAL_SIZE
      ? [`The goals of fleets are those of ${GOAL_SIZE} resources: smaller ones may well miss them.`]
      : []),
    `${machine}${quick ? "; quick: a look, not a measurement" : ""}`,
    missed.length > 0
      ? `Missed: ${missed.join("; ")}.`
      : unknown === results.length
        ? "No goal was judged."
        : unknown > 0
          ? "No goal is missed."
          : "All goals are met.",
    ...(unknown > 0 ? [`Not judged, since something was not there to be measured: ${unknown}.`] : []),
  ].join("\n");
}

/** @param {import("../fleet/fleet.mjs").FleetReport} fleet */
function fleetText({ contestants, records, states, growth, failures }) {
  const all = new FleetRecords(records, states);
  return [
    columns(fleetRows(all, contestants)),
    "Wall time, medians; API calls in brackets; ratios are medians of interleaved pairs, with the least and the most.",
    "",
    columns(weightRows(all, contestants)),
    "",
    columns(callRows(all, contestants)),
    "",
    ...(growth.length === 0 ? [] : [columns(fleetRows(new FleetRecords(growth), contestants)), ""]),
    ...failures.map(({ at, why }) => `Failed: ${at}: ${why}\n`),
  ];
}
