import { DESTROY, PHASES } from "../fleet/phases.mjs";
import { sumOf } from "../fleet/records.mjs";
import { pairwise, spreadOf } from "./statistics.mjs";

/** @typedef {import("../fleet/records.mjs").FleetRecords} FleetRecords */
/** @typedef {import("../fleet/records.mjs").FleetRecord} FleetRecord */
/** @typedef {{ id: string, title: string }} Column */

/** What the ratios of the table divide: the first by each of the others. */
const OURS = "resources";
const OTHERS = ["floor", "dynamic", "terraform"];

/**
 * Times side by side, a row for each phase: seconds, calls in brackets, and ratios with their spread.
 * @param {FleetRecords} records
 * @param {readonly Column[]} contestants
 */
export function fleetRows(records, contestants) {
  const there = contestants.filter(({ id }) => records.list.some(({ contestant }) => contestant === id));
  const others = there.filter(({ id }) => OTHERS.includes(id));
  const ratios = there.some(({ id }) => id === OURS) ? others : [];
  const head = [
    "Resources",
    "Latency",
    "Phase",
    ...there.map(({ title }) => title),
    ...ratios.map(({ title }) => `${OURS} ÷ ${title}`),
  ];
  const rows = cellsOf(records).map(({ resources, latency, phase }) => {
    const of = (/** @type {string} */ contestant) =>
      records.find({ resources, latency, phase: phase.id, contestant });
    return [
      String(resources),
      `${latency} ms`,
      phase.title,
      ...there.map(({ id }) => timeAndCalls(of(id))),
      ...ratios.map(({ id }) => ratio(of(OURS), of(id))),
    ];
  });
  return [head, ...rows];
}

/**
 * State and memory side by side, a row for each size.
 * @param {FleetRecords} records
 * @param {readonly Column[]} contestants
 */
export function weightRows(records, contestants) {
  const there = contestants.filter(({ id }) => records.list.some(({ contestant }) => contestant === id));
  const sizes = [...new Set(records.list.map(({ resources }) => resources))].sort((a, b) => a - b);
  const head = ["Resources", "What", ...there.map(({ title }) => title)];
  const rows = sizes.flatMap((resources) => {
    const floor = records.stateBytes("floor", resources);
    const cells = (/** @type {(contestant: string) => string} */ cell) => there.map(({ id }) => cell(id));
    const state = (/** @type {(bytes: number) => string} */ text) =>
      cells((id) => {
        const bytes = records.stateBytes(id, resources);
        return bytes === undefined ? "–" : text(bytes);
      });
    return [
      [String(resources), "state, KB", ...state((bytes) => (bytes / 1000).toFixed(0))],
      [String(resources), "state per resource, bytes", ...state((bytes) => (bytes / resources).toFixed(0))],
      [
        String(resources),
        "the same above the floor",
        ...state((bytes) => (floor === undefined ? "–" : ((bytes - floor) / resources).toFixed(0))),
      ],
      [
        String(resources),
        "provider's memory at most, MB",
        ...cells((id) => {
          const peak = memoryOf(records, id, resources);
          return peak === undefined ? "–" : (peak / 1e6).toFixed(0);
        }),
      ],
    ].filter((row) => row.slice(2).some((cell) => cell !== "–"));
  });
  return [head, ...rows];
}

/**
 * API calls by route, of the largest fleet at the highest latency that has all phases.
 * @param {FleetRecords} records
 * @param {readonly Column[]} contestants
 */
export function callRows(records, contestants) {
  const whole = records.list.filter(({ phase }) => phase === DESTROY.id);
  const [resources, latency] = [
    Math.max(...whole.map((one) => one.resources)),
    Math.max(...whole.map((one) => one.latency)),
  ];
  const rows = PHASES.flatMap((phase) =>
    contestants.flatMap(({ id, title }) => {
      const calls = records.find({ resources, latency, phase: phase.id, contestant: id })?.calls ?? {};
      if (sumOf(calls) === 0) return [];
      const routes = Object.entries(calls).map(([route, count]) => `${count} ${route}`);
      return [[phase.title, title, String(sumOf(calls)), routes.join(", ")]];
    }),
  );
  return [[`${resources} at ${latency} ms`, "By", "Calls", "By route"], ...rows];
}

/**
 * The most memory that a contestant's provider took at a size, in bytes.
 * @param {FleetRecords} records
 * @param {string} contestant
 * @param {number} resources
 */
export function memoryOf(records, contestant, resources) {
  const peaks = records.list
    .filter((one) => one.contestant === contestant && one.resources === resources)
    .flatMap(({ providerPeakBytes }) => providerPeakBytes ?? []);
  return peaks.length === 0 ? undefined : Math.max(...peaks);
}

/** @param {FleetRecords} records */
function cellsOf(records) {
  const unique = new Map(
    records.list.map(({ resources, latency }) => [`${resources} ${latency}`, { resources, latency }]),
  );
  return [...unique.values()]
    .sort((a, b) => a.resources - b.resources || a.latency - b.latency)
    .flatMap((cell) => PHASES.map((phase) => ({ ...cell, phase })))
    .filter(({ resources, latency, phase }) =>
      records.list.some(
        (one) => one.resources === resources && one.latency === latency && one.phase === phase.id,
      ),
    );
}

/** @param {FleetRecord | undefined} record */
function timeAndCalls(record) {
  if (record === undefined) return "–";
  const calls = sumOf(record.calls);
  return `${seconds(spreadOf(record.milliseconds).median)}${calls > 0 ? ` (${calls})` : ""}`;
}

/**
 * @param {FleetRecord | undefined} ours
 * @param {FleetRecord | undefined} theirs
 */
function ratio(ours, theirs) {
  if (ours === undefined || theirs === undefined) return "–";
  const { median, low, high, count } = pairwise(
    [ours.milliseconds, theirs.milliseconds],
    (mine, their) => mine / their,
  );
  return count > 1 ? `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})` : median.toFixed(2);
}

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
