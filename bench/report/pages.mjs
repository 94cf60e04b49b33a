import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { UserError } from "../../scripts/lib/errors.mjs";
import { root } from "../../scripts/lib/paths.mjs";
import { FIRST_UP, FIRST_UP_BARE, NO_OP_UP, REFRESH } from "../fleet/phases.mjs";
import { FleetRecords } from "../fleet/records.mjs";
import { plotOf } from "../plot.mjs";
import { markdownTable } from "./columns.mjs";
import { callRows, fleetRows, weightRows } from "./fleet-table.mjs";
import { RESULT_HEAD, resultRows } from "./results.mjs";
import { spreadOf } from "./statistics.mjs";

/**
 * @typedef {object} Page
 * @property {string} file
 * @property {string} start The markers between which it holds what was measured.
 * @property {string} end
 */

/** @type {Page} */
const PAGE = {
  file: path.join("docs", "performance.md"),
  start: "<!-- written by npm run bench -->\n<!-- prettier-ignore-start -->",
  end: "<!-- prettier-ignore-end -->",
};

/**
 * The guide to large fleets, which has the growth alone.
 * @type {Page}
 */
export const GUIDE = {
  file: path.join("docs", "fleets.md"),
  start: "<!-- growth -->\n<!-- prettier-ignore-start -->",
  end: "<!-- prettier-ignore-end -->\n<!-- /growth -->",
};

const GROWTH_PICTURE = "docs/images/fleet-growth.svg";

/** What is drawn: a picture each. `phases` are those that are one thing to whoever runs it. */
const PICTURES = [
  { file: "no-op-up", title: "No-op up", phases: [NO_OP_UP] },
  { file: "refresh", title: "Refresh", phases: [REFRESH] },
  { file: "first-up", title: "First up, by default", phases: [FIRST_UP] },
  {
    file: "first-up-without-checkpoints",
    title: "First up without checkpoints",
    phases: [FIRST_UP_BARE],
  },
];

/**
 * Writes the figures of a run into the page, and its plots beside it.
 * @param {import("./text.mjs").Report} report
 * @param {import("../../scripts/lib/log.mjs").Log} log
 */
export function writePages(report, log) {
  const { fleet } = report;
  if (fleet === undefined) throw new UserError("That run measured no fleets, so there is nothing to write.");
  const pictures = [...picturesOf(fleet), ...growthPicture(fleet)];
  const pages = [
    rewritten(PAGE, measuredPart(report, pictures)),
    ...(fleet.growth.length > 0 ? [rewritten(GUIDE, growthPart(report, pictures))] : []),
  ];
  // All at the end, so that pictures and pages are of one run.
  mkdirSync(path.join(root, "docs", "images"), { recursive: true });
  for (const { file, text } of [...pictures, ...pages]) write(file, text, log);
}

/**
 * @param {Page} page
 * @param {string} part
 */
function rewritten(page, part) {
  const { file } = page;
  return { file, text: withMeasured(readFileSync(path.join(root, file), "utf8"), part, page) };
}

/**
 * The text of a page with another part between its markers.
 * @param {string} text
 * @param {string} part
 * @param {Page} [page]
 */
export function withMeasured(text, part, { file, start, end } = PAGE) {
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new UserError(`${file} lacks the markers ${start} and ${end}.`);
  return `${text.slice(0, from + start.length)}\n\n${part}\n\n${text.slice(to)}`;
}

/**
 * What the guide has: the growth, and when and where it was measured.
 * @param {import("./text.mjs").Report} report
 * @param {{ file: string, title: string }[]} pictures
 */
export function growthPart({ date, machine, fleet }, pictures) {
  const { contestants = [], growth = [] } = fleet ?? {};
  return [
    `Measured on ${date.slice(0, 10)}, without checkpoints: ${machine}.`,
    markdownTable(fleetRows(new FleetRecords(growth), contestants)),
    ...pictures
      .filter(({ file }) => file === GROWTH_PICTURE)
      .map(({ file, title }) => `![${title}](${path.posix.relative("docs", file)})`),
  ].join("\n\n");
}

/**
 * @param {import("./text.mjs").Report} report
 * @param {{ file: string, title: string }[]} pictures
 */
export function measuredPart({ date, quick, machine, fleet, results }, pictures) {
  const { contestants = [], absent = [], records = [], states = [], growth = [] } = fleet ?? {};
  const all = new FleetRecords(records, states);
  return [
    `Measured on ${date.slice(0, 10)}: ${machine}.${quick ? " A quick look, not a measurement." : ""}`,
    "### Goals",
    markdownTable([RESULT_HEAD, ...resultRows(results)]),
    "### Fleets",
    "Wall time, medians; API calls in brackets; ratios are medians of interleaved pairs, with the least and the most.",
    markdownTable(fleetRows(all, contestants)),
    ...absent.map(({ id, absent: why }) => `Not measured: ${id}, since ${why}.`),
    ...pictures.map(({ file, title }) => `![${title}](${path.posix.relative("docs", file)})`),
    "### Calls by route",
    markdownTable(callRows(all, contestants)),
    "### State and memory",
    markdownTable(weightRows(all, contestants)),
    ...(growth.length === 0
      ? []
      : [
          "### Growth",
          "Without checkpoints.",
          markdownTable(fleetRows(new FleetRecords(growth), contestants)),
        ]),
  ].join("\n\n");
}

/**
 * @param {import("../fleet/fleet.mjs").FleetReport} fleet
 */
function picturesOf({ contestants, records }) {
  const latency = Math.max(...records.filter(({ phase }) => phase !== REFRESH.id).map((one) => one.latency));
  return PICTURES.flatMap(({ file, title, phases }) => {
    const series = contestants.flatMap(({ id, title: name }) => {
      const points = records
        .filter((one) => one.contestant === id && one.latency === latency)
        .filter((one) => phases.some((phase) => phase.id === one.phase))
        .map(({ resources, milliseconds }) => pointOf(resources, milliseconds));
      return points.length === 0 ? [] : [{ name, points }];
    });
    if (series.length === 0) return [];
    const text = plotOf({
      title,
      subtitle: `${latency} ms per API call; bands from the least to the most`,
      xLabel: "resources",
      yLabel: "seconds",
      series,
    });
    return [{ file: `docs/images/fleet-${file}.svg`, title: `${title}: time against fleet size`, text }];
  });
}

/**
 * Ours and the engine's own, from the smallest fleet to the largest.
 * @param {import("../fleet/fleet.mjs").FleetReport} fleet
 */
function growthPicture({ contestants, growth }) {
  if (growth.length === 0) return [];
  const series = [FIRST_UP_BARE, NO_OP_UP, REFRESH].flatMap((phase) =>
    contestants.flatMap(({ id, title }) => {
      const points = growth
        .filter((one) => one.contestant === id && one.phase === phase.id)
        .map(({ resources, milliseconds }) => pointOf(resources, milliseconds));
      return points.length === 0 ? [] : [{ name: `${phase.title}, ${title}`, points }];
    }),
  );
  const text = plotOf({
    title: "Growth",
    subtitle: "without latency and checkpoints; bands from the least to the most",
    xLabel: "resources",
    yLabel: "seconds",
    scale: "log",
    series,
  });
  return [{ file: GROWTH_PICTURE, title: "Growth: time against fleet size", text }];
}

/**
 * @param {number} resources
 * @param {readonly number[]} milliseconds
 */
function pointOf(resources, milliseconds) {
  const { median, low, high } = spreadOf(milliseconds);
  return { x: resources, y: median / 1000, low: low / 1000, high: high / 1000 };
}

/**
 * @param {string} file
 * @param {string} text
 * @param {import("../../scripts/lib/log.mjs").Log} log
 */
function write(file, text, log) {
  writeFileSync(path.join(root, file), text);
  log.line(`written: ${file}`);
}
