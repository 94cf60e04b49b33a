import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

import { npmCommand } from "../../../scripts/lib/install.mjs";
import { stateFolder } from "../../../scripts/lib/paths.mjs";
import { lastLines, run } from "../../../scripts/lib/run.mjs";

/** The releases that are measured. */
const PYTHON_PACKAGE = "magpie-mags==1.3.8";
const NODE_PACKAGE = "@magpiecloud/mags";
/** How long getting one may take, in milliseconds. */
const LIMIT = 120_000;

/**
 * @typedef {object} Vendor
 * @property {string} name
 * @property {[string, ...string[]]} [command] What runs it; without one it could not be had.
 * @property {string} [absent] Why it could not.
 */

/**
 * The vendor's clients, each in a folder that git ignores.
 * @returns {Promise<Vendor[]>}
 */
export async function vendorClients() {
  return [await python(), await node()];
}

/** @returns {Promise<Vendor>} */
async function python() {
  const name = "the vendor's Python client";
  const folder = stateFolder("bench", "vendor-python");
  const interpreter = path.join(folder, "bin", "python3");
  const worker = path.join(import.meta.dirname, "vendor.py");
  const usable = async () => (await run(interpreter, ["-c", "import mags"])).code === 0;
  if (await usable()) return { name, command: [interpreter, worker] };
  const steps = /** @type {[string, string[]][]} */ ([
    ["python3", ["-m", "venv", "--clear", folder]],
    [interpreter, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PYTHON_PACKAGE]],
  ]);
  for (const [command, args] of steps) {
    const { code, stdout, stderr } = await run(command, args, { timeout: LIMIT });
    if (code !== 0) return { name, absent: because(command, code, `${stdout}\n${stderr}`) };
  }
  return (await usable())
    ? { name, command: [interpreter, worker] }
    : { name, absent: `${PYTHON_PACKAGE} was installed, but there is no module mags in it` };
}

/** @returns {Promise<Vendor>} */
async function node() {
  const name = "the vendor's Node client";
  const folder = stateFolder("bench", "vendor-node");
  const installed = path.join(folder, "node_modules", ...NODE_PACKAGE.split("/"));
  const worker = path.join(import.meta.dirname, "worker.mjs");
  if (!existsSync(installed)) {
    const [npm, ...npmArgs] = npmCommand();
    const args = [
      ...npmArgs,
      "install",
      "--no-save",
      "--no-audit",
      "--no-fund",
      "--ignore-scripts",
      "--loglevel",
      "error",
    ];
    mkdirSync(folder, { recursive: true });
    const { code, stderr } = await run(npm, [...args, "--prefix", folder, NODE_PACKAGE], {
      cwd: folder,
      timeout: LIMIT,
    });
    if (code !== 0 && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
    if (code !== 0) return { name, absent: because("npm", code, stderr) };
  }
  return { name, command: [process.execPath, worker, installed] };
}

/**
 * @param {string} command
 * @param {number} code
 * @param {string} said
 */
function because(command, code, said) {
  if (code === 127) return `there is no ${command} here`;
  const [line = ""] = said.split(/\r?\n/).filter((text) => /E404|ERROR|error/.test(text));
  return `${path.basename(command)} did not get it: ${line.trim() || lastLines(said, 1) || `exit code ${code}`}`;
}
