import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(__dirname, "../..");
const LIMIT_MS = 300_000;

/** A program that tests use, pinned by a Go module of ours below `scripts`. */
interface GoTool {
  name: string;
  /** What go.mod says. */
  version: string;
  /** Folder of the module. */
  module: string;
  /** Go package of the program. */
  source: string;
}

/** The program, built once from its Go module, which go.sum vouches for; or why there is none. */
export function goTool({ name, version, module, source }: GoTool): { program: string } | { missing: string } {
  const folder = path.join(ROOT, ".mags", name, version);
  const program = path.join(folder, name);
  if (existsSync(program)) return { program };
  if (spawnSync("go", ["version"]).status !== 0) return { missing: `needs Go, to build ${name}` };
  const work = path.join(folder, "work");
  mkdirSync(work, { recursive: true });
  const { status, stderr } = spawnSync("go", ["build", "-o", program, source], {
    cwd: path.join(ROOT, module),
    encoding: "utf8",
    timeout: LIMIT_MS,
    env: {
      ...process.env,
      GOMODCACHE: path.join(work, "modules"),
      GOCACHE: path.join(work, "objects"),
      GOFLAGS: "-mod=readonly -modcacherw -buildvcs=false",
      GOWORK: "off",
      CGO_ENABLED: "0",
    },
  });
  rmSync(work, { recursive: true, force: true });
  if (status === 0) return { program };
  return { missing: `${name} could not be built: ${stderr.trim().split("\n").at(-1) ?? "no reason given"}` };
}
