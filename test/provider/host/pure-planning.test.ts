import childProcess from "node:child_process";
import dns from "node:dns";
import fs from "node:fs";
import net from "node:net";
import { handlerOf } from "../../../provider/host/handler";
import { IDENTITY_PROPERTY, originToHost } from "../../../provider/host/origin";
import { PROVIDER_PROPERTY } from "../../../provider/host/properties";
import type { KindName, Values } from "../../../provider/schema/fields";
import { SCHEMA_VERSION } from "../../../provider/lifecycle/kind";
import { ProvenScripts } from "../../../provider/lifecycle/proven-scripts";
import { RunClaims } from "../../../provider/lifecycle/run-claims";
import { KINDS } from "../../../provider/lifecycle/kinds";

/** What each kind is declared with, and an edit of it that is patched, restarts or replaces. */
const PROGRAM: Record<KindName, { args: Values; edits: Values[] }> = {
  Workspace: {
    args: { setup: "true", deletionProtection: false },
    edits: [{ setup: "date" }, { name: "other" }],
  },
  Job: {
    args: { script: "cd ~ && node server.js", workspaceId: "site", http: { port: 8080 }, diskGb: 4 },
    edits: [{ noSleep: true }, { script: "date" }, { diskGb: 8 }, { diskGb: 2 }, { workspaceId: "other" }],
  },
  UrlAlias: { args: { workspaceId: "site" }, edits: [{ workspaceId: "other" }, { subdomain: "other" }] },
  CronJob: {
    args: { cronExpression: "0 3 * * *", script: "date" },
    edits: [{ cronExpression: "0 4 * * *" }, { cronExpression: "never" }],
  },
  Run: { args: { script: "date" }, edits: [{ script: "true" }, { triggers: { at: "1" } }] },
};

/** Asks check and diff about each kind: as new, as it is, and edited. Says how many questions were answered. */
async function plan(): Promise<number> {
  let answers = 0;
  for (const name of Object.keys(PROGRAM) as KindName[]) {
    const open = () => {
      throw new Error("planning opened an account");
    };
    const handler = handlerOf(() => KINDS[name], {
      open,
      claims: new RunClaims(),
      proven: new ProvenScripts(),
    });
    const config = { get: (key: string) => (key === "mags:namespace" ? "ours" : undefined) };
    await handler.configure({ config });
    const { args, edits } = PROGRAM[name];
    const identity = {
      organization: "o",
      project: "p",
      stack: "s",
      typeChain: `mags:${name}`,
      logicalName: "web",
    };
    const given = (more: Values) => ({
      ...args,
      ...more,
      [PROVIDER_PROPERTY]: "text",
      [IDENTITY_PROPERTY]: originToHost(identity),
    });
    const { inputs, failures } = await handler.check({}, given({}));
    expect(failures).toEqual([]);
    const recorded = {
      ...inputs,
      account: "api.magpiecloud.com",
      __mags: String(SCHEMA_VERSION),
      requestId: "r",
      status: "running",
    };
    for (const edit of [{}, ...edits]) {
      const next = await handler.check(inputs, given(edit));
      answers++;
      if (next.failures.length > 0) continue;
      await handler.diff("web", recorded, next.inputs).catch((error: unknown) => error);
      answers++;
    }
  }
  return answers;
}

/** Makes every way out of the process fail. */
function seal(): { leaks: string[]; open: () => void } {
  const leaks: string[] = [];
  const undo: (() => void)[] = [];
  const trap = (holder: object, what: string, names: string[]) => {
    for (const name of names) {
      const spy = jest.spyOn(holder as Record<string, () => unknown>, name).mockImplementation(() => {
        leaks.push(`${what}.${name}`);
        throw new Error(`planning called ${what}.${name}`);
      });
      undo.push(() => spy.mockRestore());
    }
  };
  const functionsOf = (holder: object) =>
    Object.entries(holder).flatMap(([name, value]) =>
      typeof value === "function" && /^[a-z]/.test(name) ? [name] : [],
    );
  trap(fs, "fs", functionsOf(fs));
  trap(fs.promises, "fs.promises", functionsOf(fs.promises));
  trap(childProcess, "child_process", functionsOf(childProcess));
  trap(dns, "dns", ["lookup", "resolve"]);
  trap(net.Socket.prototype, "socket", ["connect"]);
  trap(globalThis, "global", ["fetch"]);
  return { leaks, open: () => undo.forEach((each) => each()) };
}

beforeEach(() => {
  jest.spyOn(console, "info").mockImplementation(() => undefined);
});
afterEach(() => jest.restoreAllMocks());

it("check and diff read no file, open no connection and start nothing, whatever they are asked", async () => {
  // What the first question loads, the others have.
  const expected = await plan();
  const { leaks, open } = seal();
  let answers: number | undefined;
  try {
    answers = await plan();
  } finally {
    open();
  }
  expect(leaks).toEqual([]);
  expect(answers).toBe(expected);
  expect(expected).toBeGreaterThan(25);
});

it("such a call would be seen", () => {
  const refused: string[] = [];
  const attempt = (call: () => unknown) => {
    try {
      call();
    } catch (error) {
      refused.push((error as Error).message);
    }
  };
  const { leaks, open } = seal();
  attempt(() => fs.readFileSync(__filename));
  attempt(() => net.connect(1));
  open();
  expect(refused).toEqual(["planning called fs.readFileSync", "planning called socket.connect"]);
  expect(leaks).toEqual(expect.arrayContaining(["fs.readFileSync", "socket.connect"]));
});
