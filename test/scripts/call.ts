import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const scripts = path.join(__dirname, "..", "..", "scripts");

/** Runs the body of an async function in a process of its own, where `m` is a module of scripts/, and gives its result. */
export function callScript<T>(
  module: string,
  body: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<T> {
  const url = pathToFileURL(path.join(scripts, module)).href;
  const code = `import * as m from ${JSON.stringify(url)};
    const value = await (async () => { ${body} })();
    process.stdout.write("\\n" + JSON.stringify(value ?? null));`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], { env });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (exit) => {
      if (exit !== 0) reject(new Error(`exit code ${exit}: ${stderr}`));
      else resolve(JSON.parse(stdout.slice(stdout.lastIndexOf("\n") + 1)) as T);
    });
  });
}

/** A folder with these files, made for one test; `remove` deletes it. */
export function temporaryFolder(files: Record<string, string>): { folder: string; remove: () => void } {
  const folder = mkdtempSync(path.join(os.tmpdir(), "mags-scripts-"));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { mode: 0o755 });
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
