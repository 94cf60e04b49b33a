import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectWithPackage } from "../support/package-copy";

export interface Ending {
  code: number | string | null;
  stdout: string;
  stderr: string;
}

/** A user's project with the command in it. */
export interface Project {
  folder: string;
  /** Starts the command. */
  start(args: readonly string[], env?: NodeJS.ProcessEnv): { child: ChildProcess; ended: Promise<Ending> };
  /** Runs the command to its end. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ending>;
  write(file: string, text: string): void;
  read(file: string): string;
  remove(): void;
}

/** What the command and the programs of these tests need. */
const LIBRARIES = ["commander", "diff", "@dagrejs", "ts-node", "typescript"];

export function projectWithCommand(): Project {
  const { folder, remove } = projectWithPackage(["emulator", "cli"], LIBRARIES);
  const main = path.join(folder, "node_modules/pulumi-mags/dist/cli/main.js");
  const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: folder,
      // Types are checked elsewhere: here they would have to be compiled first.
      env: { ...process.env, TS_NODE_TRANSPILE_ONLY: "true", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    const ended = new Promise<Ending>((resolve) =>
      child.once("close", (code, signal) => resolve({ code: code ?? signal, stdout, stderr })),
    );
    return { child, ended };
  };
  return {
    folder,
    start,
    run: (args, env) => start(args, env).ended,
    write: (file, text) => writeFileSync(path.join(folder, file), text),
    read: (file) => readFileSync(path.join(folder, file), "utf8"),
    remove,
  };
}
