import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** Stands in the place of the command `pulumi`, for each test of a file. */
export interface FakePulumi {
  /** Where it is, and nothing else that a command would find. */
  folder(): string;
  /** Answers by what it is asked: `args` has the words. */
  answers(script: string): void;
  /** Fails with this on stderr. */
  fails(text: string): void;
  /** Where it is called, and with which words. */
  calls(): { cwd: string; args: string }[];
}

/** Puts it in PATH before each test, and gives the environment back after that. */
export function fakePulumi(): FakePulumi {
  const before = { ...process.env };
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "mags-pulumi-"));
    appendFileSync(path.join(folder, "calls"), "");
    process.env.PATH = `${folder}${path.delimiter}${before.PATH}`;
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    process.env = { ...before };
  });
  const answers = (script: string) => {
    const file = path.join(folder, "pulumi");
    writeFileSync(
      file,
      `#!${process.execPath}
const args = process.argv.slice(2).join(" ");
require("node:fs").appendFileSync(__dirname + "/calls", JSON.stringify({ cwd: process.cwd(), args }) + "\\n");
${script}
`,
    );
    chmodSync(file, 0o755);
  };
  return {
    folder: () => folder,
    answers,
    fails: (text) => answers(`process.stderr.write(${JSON.stringify(text)}); process.exitCode = 1;`),
    calls: () =>
      readFileSync(path.join(folder, "calls"), "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { cwd: string; args: string }),
  };
}
