import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../..");
const MODULE = path.join(ROOT, "scripts/actionlint");
const FOLDER = path.join(ROOT, ".mags/actionlint/1.7.12");
const PROGRAM = path.join(FOLDER, "actionlint");

/**
 * The checker of workflow files, built once from its Go module, which go.sum vouches for; or why there is none.
 */
export function actionlint(): { program: string } | { missing: string } {
  if (existsSync(PROGRAM)) return { program: PROGRAM };
  if (spawnSync("go", ["version"]).status !== 0) return { missing: "needs Go, to build actionlint" };
  const work = path.join(FOLDER, "work");
  mkdirSync(work, { recursive: true });
  const { status, stderr } = spawnSync(
    "go",
    ["build", "-o", PROGRAM, "github.com/rhysd/actionlint/cmd/actionlint"],
    {
      cwd: MODULE,
      encoding: "utf8",
      timeout: 300_000,
      env: {
        ...process.env,
        GOMODCACHE: path.join(work, "modules"),
        GOCACHE: path.join(work, "objects"),
        GOFLAGS: "-mod=readonly -modcacherw -buildvcs=false",
        GOWORK: "off",
        CGO_ENABLED: "0",
      },
    },
  );
  rmSync(work, { recursive: true, force: true });
  if (status === 0) return { program: PROGRAM };
  return {
    missing: `actionlint could not be built: ${stderr.trim().split("\n").at(-1) ?? "no reason given"}`,
  };
}
