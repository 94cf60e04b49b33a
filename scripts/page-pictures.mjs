// node scripts/page-pictures.mjs: takes the pictures of the emulator's page in docs/images/, with the built
// emulator and an installed Chromium. The fleet is made up, simulated, and on a clock that is driven.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";

import { ensureBuilt } from "./lib/build.mjs";
import { UserError } from "./lib/errors.mjs";
import { createLog } from "./lib/log.mjs";
import { main } from "./lib/main.mjs";
import { useProjectNode } from "./lib/node.mjs";
import { root } from "./lib/paths.mjs";
import { withPalette } from "./lib/png.mjs";

/** Most that a picture may weigh, in bytes. */
const LIMIT = 150_000;
const SIZE = { width: 1280, height: 1120 };
const folder = path.join(root, "docs", "images");
const require = createRequire(import.meta.url);
const log = createLog(process.stdout);

main(async () => {
  await useProjectNode();
  await ensureBuilt(log);
  const { startEmulator } = require(path.join(root, "dist", "emulator"));
  const emulator = await startEmulator({
    port: 4000,
    execute: "simulate",
    clock: "driven",
    startAt: Date.UTC(2026, 5, 1, 9, 12, 0),
    stopMs: 60_000,
  });
  try {
    await fleet(emulator);
    await pictures(emulator);
  } finally {
    await emulator.stop();
  }
  return 0;
});

/** @param {any} emulator */
async function fleet(emulator) {
  /** @param {string} method @param {string} route @param {unknown} [body] */
  const call = async (method, route, body) => {
    const response = await fetch(`${emulator.url}/api/v1${route}`, {
      method,
      headers: { authorization: `Bearer ${emulator.token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return text === "" ? {} : JSON.parse(text);
  };
  /** @param {string} name @param {string} script @param {object} [more] */
  const vm = async (name, script, more = {}) => {
    const { request_id: id } = await call("POST", "/mags-jobs", {
      name,
      script,
      persistent: true,
      workspace_id: name,
      ...more,
    });
    await emulator.clock.advance(20_000);
    return id;
  };
  const minutes = 60_000;
  await vm("seed-database", "echo applied 14 migrations; echo seeded 2,400 rows; true", {
    persistent: false,
  });
  await vm("import-orders", "echo connecting to orders.csv; echo row 812: column price is missing; exit 2", {
    persistent: false,
  });
  /** @type {[string, string, object?][]} */
  const services = [
    ["shop-production", "echo listening on port 8080; node server.js", { no_sleep: true, disk_gb: 20 }],
    ["shop-staging", "echo listening on port 8080; node server.js", { disk_gb: 10 }],
    ["search-index", "echo indexed 18,204 documents; node index.js", { no_sleep: true, disk_gb: 40 }],
    ["preview-pr-412", "echo built in 8.1 s; npm run preview", {}],
    ["preview-pr-415", "echo built in 7.4 s; npm run preview", {}],
    ["agent-sandbox-1", "echo sandbox is ready; sleep infinity", {}],
  ];
  for (const [name, script, more] of services) {
    const id = await vm(name, script, more);
    if (!name.startsWith("agent")) await call("POST", `/mags-jobs/${id}/access`, { port: 8080 });
  }
  await call("POST", "/mags-url-aliases", { subdomain: "shop", workspace_id: "shop-production" });
  await call("POST", "/mags-url-aliases", { subdomain: "shop-staging", workspace_id: "shop-staging" });
  await call("POST", "/mags-url-aliases", { subdomain: "docs", workspace_id: "docs-site" });
  await call("POST", "/mags-cron", {
    name: "nightly backup",
    cron_expression: "30 3 * * *",
    script: "tar c /root",
    workspace_id: "backups",
  });
  const { id } = await call("POST", "/mags-cron", {
    name: "weekly report",
    cron_expression: "0 8 * * 1",
    script: "node report.js",
  });
  await call("PATCH", `/mags-cron/${id}`, { enabled: false });
  await emulator.clock.advance(11 * minutes);
  const staging = (await call("GET", "/mags-jobs?page_size=50")).jobs.find(
    (/** @type {any} */ job) => job.name === "shop-staging",
  );
  await call("POST", `/mags-jobs/${staging.request_id}/exec`, { command: "uptime" });
  const last = await vm("agent-sandbox-2", "echo sandbox is ready; sleep infinity");
  await call("POST", `/mags-jobs/${last}/stop`);
  await call("POST", "/mags-jobs", { name: "shop-staging", script: "true" });
  await call("POST", "/mags-jobs", { name: "agent-sandbox-3", script: "sleep infinity", persistent: true });
  await call("GET", "/mags-jobs?page=1&page_size=50");
}

/** @param {any} emulator */
async function pictures(emulator) {
  const { names, flags } = JSON.parse(
    readFileSync(path.join(root, "scripts", "lib", "chromium.json"), "utf8"),
  );
  const executablePath = names
    .flatMap((/** @type {string} */ name) =>
      (process.env.PATH ?? "").split(path.delimiter).map((place) => path.join(place, name)),
    )
    .find(existsSync);
  if (executablePath === undefined) {
    throw new UserError(
      `No Chromium was found on PATH (${names.join(", ")}). Install one, then run this again.`,
    );
  }
  const { chromium } = require("playwright-core");
  const profile = mkdtempSync(path.join(tmpdir(), "page-pictures-"));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    // Grey edges of letters: fewer colours, smaller files.
    args: [...flags, "--disable-lcd-text"],
    viewport: SIZE,
    timezoneId: "UTC",
  });
  try {
    mkdirSync(folder, { recursive: true });
    for (const colorScheme of ["light", "dark"]) {
      const page = await browser.newPage();
      await page.emulateMedia({ colorScheme });
      await page.goto(emulator.url);
      await page.getByRole("button", { name: "search-index" }).click();
      await page.getByText("request id").waitFor();
      await page.mouse.move(0, 0);
      const file = path.join(folder, `emulator-page-${colorScheme}.png`);
      const picture = withPalette(await page.screenshot());
      const size = picture.length;
      if (size > LIMIT)
        throw new UserError(`${file} has ${size} bytes, more than ${LIMIT}: show less on it.`);
      writeFileSync(file, picture);
      log.line(`${path.relative(root, file)}: ${size} bytes`);
    }
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
