import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { callScript, temporaryFolder } from "./call";

describe("lock between processes", () => {
  it("lets one work at a time", async () => {
    const { folder, remove } = temporaryFolder({});
    try {
      const lock = JSON.stringify(path.join(folder, "x.lock"));
      const log = JSON.stringify(path.join(folder, "log"));
      const body = `const { appendFileSync } = await import("node:fs");
        await m.withLock(${lock}, async () => {
          appendFileSync(${log}, "in ");
          await new Promise((resolve) => setTimeout(resolve, 50));
          appendFileSync(${log}, "out ");
        });`;
      await Promise.all([1, 2, 3].map(() => callScript("lib/lock.mjs", body)));
      expect(readFileSync(path.join(folder, "log"), "utf8")).toBe("in out in out in out ");
    } finally {
      remove();
    }
  });

  it("takes over from a holder that died", async () => {
    const { folder, remove } = temporaryFolder({});
    try {
      const { pid } = spawnSync(process.execPath, ["-e", ""]);
      const file = path.join(folder, "x.lock");
      writeFileSync(file, JSON.stringify({ pid, host: os.hostname(), since: "earlier" }));
      expect(
        await callScript("lib/lock.mjs", `return m.withLock(${JSON.stringify(file)}, async () => "worked")`),
      ).toBe("worked");
    } finally {
      remove();
    }
  });
});

describe("installed packages", () => {
  const lock = (packages: object) => JSON.stringify({ packages });
  const wanted = {
    "": {},
    "node_modules/a": { version: "1.0.0" },
    "node_modules/other-platform": { version: "1.0.0", optional: true },
  };
  it.each([
    ["the same", { "node_modules/a": { version: "1.0.0" } }, true],
    ["an older version", { "node_modules/a": { version: "0.9.0" } }, false],
    ["one missing", {}, false],
    [
      "one too many",
      { "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "1.0.0" } },
      false,
    ],
  ])("%s", async (_name, installed, expected) => {
    const { folder, remove } = temporaryFolder({
      "package-lock.json": lock(wanted),
      "node_modules/.package-lock.json": lock(installed),
    });
    try {
      const body = `return m.installedMatchesLock(${JSON.stringify(folder)})`;
      expect(await callScript("lib/install.mjs", body)).toBe(expected);
    } finally {
      remove();
    }
  });
});

it("keeps tokens, stacks and proxies of the user away from local runs", async () => {
  const env = {
    PATH: "/bin",
    MAGS_API_TOKEN: "t",
    PULUMI_ACCESS_TOKEN: "p",
    PULUMI_STACK: "s",
    NO_PROXY: "example.com",
  };
  const clean = await callScript<NodeJS.ProcessEnv>(
    "lib/env.mjs",
    `return m.localEnvironment(${JSON.stringify(env)})`,
  );
  const noProxy = "localhost,127.0.0.1,example.com";
  expect(clean).toEqual({ PATH: "/bin", NO_PROXY: noProxy, no_proxy: noProxy });
});
