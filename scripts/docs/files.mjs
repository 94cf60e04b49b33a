import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { UserError } from "../lib/errors.mjs";
import { commandReference } from "./commands.mjs";
import { editsTable } from "./effects.mjs";
import { referencePages } from "./pages.mjs";
import { picture } from "./picture.mjs";

const REFERENCE = path.join("docs", "reference");

const COMMANDS = path.join("docs", "cli.md");
const PICTURE = path.join("docs", "images", "graph.svg");

/** What is between them is left out by the formatter, as docs/reference/ is: padded cells make noisy diffs. */
const MARKERS = [
  "<!-- made by npm run docs -->\n<!-- prettier-ignore-start -->",
  "<!-- prettier-ignore-end -->",
];

/**
 * What is not as it would be generated.
 * @typedef {object} Difference
 * @property {number} count How many files are generated.
 * @property {Map<string, string>} stale Path to the text that it should have.
 * @property {string[]} orphans Pages of things that are no more.
 */

/**
 * @param {ReturnType<typeof import("./source.mjs").readSources>} sources
 * @param {string} folder Holds README.md and docs/.
 * @returns {Difference}
 */
export function compare(sources, folder) {
  const wanted = new Map(
    Object.entries(referencePages(sources)).map(([name, text]) => [path.join(REFERENCE, name), text]),
  );
  for (const [file, part] of [
    ["README.md", editsTable(sources.kinds)],
    [COMMANDS, commandReference()],
  ]) {
    wanted.set(file, withPart(file, readFileSync(path.join(folder, file), "utf8"), part));
  }
  wanted.set(PICTURE, picture());
  const stale = [...wanted].filter(([file, text]) => readOrNothing(path.join(folder, file)) !== text);
  const orphans = pagesIn(folder).filter((file) => !wanted.has(file));
  return { count: wanted.size, stale: new Map(stale), orphans };
}

/**
 * @param {Difference} difference
 * @param {string} folder
 */
export function write({ stale, orphans }, folder) {
  for (const [file, text] of stale) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  for (const file of orphans) rmSync(path.join(folder, file));
}

/**
 * @param {string} file
 * @param {string} text
 * @param {string} part What is to stand between the markers.
 */
function withPart(file, text, part) {
  const [start, end] = MARKERS.map((marker) => text.indexOf(marker));
  if (start < 0 || end < start)
    throw new UserError(
      `${file} needs these lines, in this order, for what npm run docs writes into it:\n${MARKERS.join("\n")}`,
    );
  return `${text.slice(0, start + MARKERS[0].length)}\n\n${part}\n\n${text.slice(end)}`;
}

/** @param {string} folder */
function pagesIn(folder) {
  if (!existsSync(path.join(folder, REFERENCE))) return [];
  return readdirSync(path.join(folder, REFERENCE)).map((file) => path.join(REFERENCE, file));
}

/** @param {string} file */
function readOrNothing(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
