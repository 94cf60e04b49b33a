import { permitsNamespaces } from "../contract/support/namespaces";
import { itIf } from "../support/skip";
import { expectSuccess, harness } from "./support/harness";
import { waitUntil } from "./support/wait";

jest.setTimeout(900_000);

const SCRIPT = "[ -e /data/precious ] || echo once > /data/precious; echo kept > ~/kept; sleep infinity";

itIf(permitsNamespaces(), "needs namespaces: elsewhere a VM has no /data of its own")(
  "what a VM keeps in /data stops its resize, and what it keeps in its workspace outlives it",
  async () => {
    const program = (args: string) => `
      const data = new mags.Workspace("data", { deletionProtection: false });
      const box = new mags.Job("box", { workspace: data, script: ${JSON.stringify(SCRIPT)}, ${args} });
      exports.id = box.requestId;`;
    const the = await harness({ program: program("diskGb: 2") }, { execute: "process" });
    const exec = async (command: string) => {
      const { requestId } = (await the.project.resource("Job")).outputs!;
      const answer = await fetch(`${the.emulator.url}/api/v1/mags-jobs/${String(requestId)}/exec`, {
        method: "POST",
        headers: { authorization: `Bearer ${the.emulator.token}`, "content-type": "application/json" },
        body: JSON.stringify({ command, timeout: 10 }),
      });
      return ((await answer.json()) as { stdout: string }).stdout.trim();
    };
    try {
      expectSuccess(await the.project.up());
      await waitUntil(async () => (await exec("cat ~/kept")) === "kept");
      const { id } = await the.project.outputs();
      the.project.write(program("diskGb: 4"));
      const refused = await the.project.up();
      expect(refused.code).not.toBe(0);
      expect(refused.output).toMatch(/\/data of job .* holds files \(precious\).*Nothing was stopped/s);
      expect((await the.project.resource("Job")).outputs!.requestId).toBe(id);
      expect(await exec("cat /data/precious")).toBe("once");
      // As the message says: moved, the resize goes on, and the files are there afterwards.
      await exec("mv /data/precious ~/precious");
      expectSuccess(await the.project.up());
      expect((await the.project.resource("Job")).outputs!.requestId).not.toBe(id);
      expect(await exec("cat ~/precious ~/kept")).toBe("once\nkept");
      expectSuccess(await the.project.up("--expect-no-changes"));
    } finally {
      await the.stop();
    }
  },
);
