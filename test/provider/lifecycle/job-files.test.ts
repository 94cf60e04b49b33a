import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Values } from "../../../provider/schema/fields";
import { uploadFiles, withFiles } from "../../../provider/lifecycle/job-files";
import { jobRequest } from "../../../provider/lifecycle/job-submit";
import type { Context } from "../../../provider/lifecycle/kind";
import { AutoClock } from "../../support/clock";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mags-job-files-"));
  mkdirSync(join(folder, "uploads"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Inputs with these files, as a constructor makes them, written to disk. */
function inputsWith(files: Record<string, string>): Values {
  const entries = Object.entries(files).map(([name, content], i) => {
    const path = join(folder, `file-${i}`);
    writeFileSync(path, content);
    return [name, { path, sha256: createHash("sha256").update(content).digest("hex") }];
  });
  return { name: "web", workspaceId: "w", files: Object.fromEntries(entries) };
}

/** A cloud that keeps what is uploaded. */
function cloud() {
  const uploads: Record<string, Buffer> = {};
  let inFlight = 0;
  const seen = { most: 0 };
  const client = {
    uploadFile: async (name: string, content: Buffer) => {
      seen.most = Math.max(seen.most, ++inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight--;
      uploads[name] = content;
      return `id of ${name}`;
    },
  };
  return { context: { client, clock: new AutoClock() } as unknown as Context, uploads, seen };
}

describe("uploading", () => {
  it("sends files without a folder under their own names", async () => {
    const { context, uploads } = cloud();
    const ids = await uploadFiles(context, inputsWith({ "b.txt": "b", "a.txt": "a" }));
    expect(ids).toEqual(["id of a.txt", "id of b.txt"]);
    expect(uploads).toEqual({ "a.txt": Buffer.from("a"), "b.txt": Buffer.from("b") });
  });

  it("sends all files in folders as one archive", async () => {
    const { context, uploads } = cloud();
    const ids = await uploadFiles(context, inputsWith({ "d/b": "b", top: "t", "d/e/a": "a" }));
    expect(ids).toEqual(["id of top", "id of mags-files.tar"]);
    writeFileSync(join(folder, "a.tar"), uploads["mags-files.tar"]!);
    const listed = execFileSync("tar", ["-tf", join(folder, "a.tar")]).toString();
    expect(listed.trim().split("\n")).toEqual(["d/b", "d/e/a"]);
  });

  it("holds a few files in memory at a time only", async () => {
    const { context, seen } = cloud();
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, String(i)]));
    expect(await uploadFiles(context, inputsWith(files))).toHaveLength(20);
    expect(seen.most).toBeGreaterThan(1);
    expect(seen.most).toBeLessThanOrEqual(4);
  });

  it("sends nothing when a file is not as it was planned", async () => {
    const { context, uploads } = cloud();
    const inputs = inputsWith({ good: "1", "d/gone": "2", changed: "3" });
    rmSync(join(folder, "file-1"));
    await expect(
      uploadFiles(context, { ...inputs, files: { ...only(inputs, "good", "d/gone") } }),
    ).rejects.toThrow(/^The file "d\/gone" cannot be read from .*file-1 \(ENOENT\)\. Nothing was stopped/);
    writeFileSync(join(folder, "file-2"), "other");
    const error = await uploadFiles(context, inputs).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message.split("\n")).toEqual([
      "Nothing was uploaded, since not all files are as the plan showed them:",
      expect.stringMatching(/The file "changed" .* changed while the update ran/),
      expect.stringMatching(/The file "d\/gone" cannot be read/),
    ]);
    expect(uploads).toEqual({});
  });
});

function only(inputs: Values, ...names: string[]): Values {
  return Object.fromEntries(Object.entries(inputs.files as Values).filter(([name]) => names.includes(name)));
}

describe("the script in front of which files are unpacked", () => {
  const uploads = () => join(folder, "uploads");

  /** Runs what is submitted, in a VM that has the uploads. */
  async function run(inputs: Values, script: string) {
    const { context, uploads: sent } = cloud();
    await uploadFiles(context, inputs);
    for (const [name, content] of Object.entries(sent)) writeFileSync(join(uploads(), name), content);
    return again(inputs, script);
  }

  function again(inputs: Values, script: string) {
    const file = join(folder, "script");
    writeFileSync(file, `${withFiles(inputs, script)}\n`, { mode: 0o700 });
    const { status, stdout, stderr } = spawnSync("/bin/sh", [file], {
      cwd: folder,
      env: { PATH: process.env.PATH, MAGS_UPLOADS: uploads() },
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  }

  it("puts a file with a name that no server is sure to take in place as well", async () => {
    const inputs = inputsWith({ "größe 🚀.txt": "text" });
    expect(await run(inputs, 'cat "$MAGS_UPLOADS/größe 🚀.txt"')).toEqual({
      status: 0,
      stdout: "text",
      stderr: "",
    });
  });

  it("is untouched when no file has a folder", () => {
    expect(withFiles(inputsWith({ a: "a" }), "echo hi")).toBe("echo hi");
    expect(withFiles({}, "echo hi")).toBe("echo hi");
  });

  it("finds them in place, and everything else of the shell as it was", async () => {
    const inputs = inputsWith({ "app/a.txt": "in a folder", top: "t" });
    const result = await run(inputs, 'cat "$MAGS_UPLOADS/app/a.txt"; pwd; exit 3');
    expect(result).toEqual({ status: 3, stdout: `in a folder${folder}\n`, stderr: "" });
  });

  it("may name an interpreter, and gets its text as it is", async () => {
    const inputs = inputsWith({ "app/a.txt": "x" });
    const script = '#!/usr/bin/env node\nconsole.log("$HOME `date` \\\\n", process.argv.length);';
    expect(await run(inputs, script)).toEqual({ status: 0, stdout: "$HOME `date` \\n 2\n", stderr: "" });
    expect(again(inputs, script).status).toBe(0);
  });

  it("does not put back what was changed when it runs again in the same VM", async () => {
    const inputs = inputsWith({ "app/a.txt": "uploaded" });
    const show = 'cat "$MAGS_UPLOADS/app/a.txt"';
    await run(inputs, show);
    writeFileSync(join(uploads(), "app/a.txt"), "edited");
    expect(again(inputs, show).stdout).toBe("edited");
  });

  it("does not run without them: it says why, and fails", () => {
    const result = again(inputsWith({ "app/a.txt": "x" }), "echo ran");
    expect(result).toMatchObject({ status: 1, stdout: "" });
    expect(result.stderr).toMatch(
      /pulumi-mags: mags-files\.tar, which holds the files in folders, could not/,
    );
    expect(existsSync(join(uploads(), ".mags-files"))).toBe(false);
  });

  it("stands before the startup command as well, with which a VM may start on another host", () => {
    const inputs = { ...inputsWith({ "app/a": "x" }), script: "one", startupCommand: "two" };
    const request = jobRequest(inputs, ["f"]);
    expect(request.script).toMatch(/tar -xf mags-files\.tar.*\none$/);
    expect(request.startup_command).toMatch(/tar -xf mags-files\.tar.*\ntwo$/);
    expect(jobRequest({ ...inputs, startupCommand: "" }, ["f"])).not.toHaveProperty("startup_command");
  });

  it("is one line to whoever reads the job", () => {
    const lines = withFiles(inputsWith({ "app/a": "x" }), "echo hi").split("\n");
    expect(lines).toHaveLength(2);
    expect(readFileSync(__filename, "utf8")).not.toContain(lines[0]);
  });
});
