// Completes package-lock.json after npm has changed it (the npm script "dependencies").
//
// Some tools bring one optional package per platform. A registry may hide those of other platforms; npm then
// leaves them out of the lockfile, and `npm ci` refuses such a lockfile everywhere. Their names and exact
// versions stand in the tool's own entry, so they can be put back: npm skips them here, and installs the one
// that fits on a machine that needs it. They carry no checksum, since none is known here.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { root } from "./lib/paths.mjs";

const SYSTEMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32"];
const PROCESSORS = ["arm", "arm64", "ia32", "loong64", "ppc64", "riscv64", "s390x", "x64", "wasm32"];

const file = path.join(root, "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8"));
const added = complete(lock.packages);
if (added.length > 0) {
  lock.packages = sorted(lock.packages);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  process.stderr.write(`package-lock.json: added ${added.length} packages of other platforms\n`);
}

/** @param {Record<string, any>} packages */
function complete(packages) {
  const names = [];
  for (const entry of Object.values(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const location = `node_modules/${name}`;
      const platform = platformOf(name);
      if (location in packages || !platform || !/^\d+\.\d+\.\d+$/.test(String(version))) continue;
      packages[location] = { version, cpu: [platform.cpu], dev: true, optional: true, os: [platform.os] };
      names.push(name);
    }
  }
  return names;
}

/**
 * The platform that a name such as `binding-linux-arm64-gnu` ends with.
 * @param {string} name
 */
function platformOf(name) {
  const words = name.split(/[-/.]/);
  const os = SYSTEMS.find((system) => words.includes(system));
  const cpu = PROCESSORS.find((processor) => words.includes(processor));
  return os && cpu ? { os, cpu } : undefined;
}

/** @param {Record<string, any>} packages */
function sorted(packages) {
  return Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en")));
}
