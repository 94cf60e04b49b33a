import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator, type Emulator } from "../../../emulator";
import { projectWithPackage, type ProjectCopy } from "../../support/package-copy";

/** The package as it is installed in somebody's project. */
let project: ProjectCopy;
let emulator: Emulator;

beforeAll(async () => {
  project = projectWithPackage();
  emulator = await startEmulator({ execute: "simulate", bootMs: 0, vmIdMs: 0, stopMs: 0 });
});
afterAll(async () => {
  project.remove();
  await emulator.stop();
});

/** What a program of the project prints; it has to end by itself. */
function output(file: string, text: string): Promise<string> {
  writeFileSync(join(project.folder, file), text);
  const env = { ...process.env, MAGS_API_URL: emulator.url, MAGS_API_TOKEN: emulator.token };
  const child = spawn(process.execPath, [file], { cwd: project.folder, env });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(printed) : reject(new Error(printed))));
  });
}

const HELLO = `
const mags = new Mags();
const { status, logs } = await mags.runAndWait("echo Hello World");
console.log(status, logs.some((line) => line.message === "Hello World"));`;

it("pulumi-mags/client is there for modules, and lets the process end", async () => {
  const program = `import { Mags } from "pulumi-mags/client";${HELLO}`;
  await expect(output("hello.mjs", program)).resolves.toBe("completed true\n");
});

it("and for CommonJS, without anything of Pulumi, and undici at the first call only", async () => {
  const program = `
    const loaded = (name) => Object.keys(require.cache).some((file) => file.includes("/node_modules/" + name + "/"));
    const { Mags } = require("pulumi-mags/client");
    console.log(["@pulumi", "undici"].map(loaded).join());
    (async () => {${HELLO}
      console.log(["@pulumi", "undici"].map(loaded).join());
    })();`;
  await expect(output("hello.cjs", program)).resolves.toBe("false,false\ncompleted true\nfalse,true\n");
});
