import { UNKNOWN, type Values } from "../../../provider/schema/fields";
import { isVmOfRun, runIdOf, runSchema } from "../../../provider/schema/run";

const RUN: Values = {
  name: "migrate",
  script: "./migrate.sh",
  environment: { MODE: "a", LEVEL: "1" },
  secrets: { KEY: "k" },
  files: { rows: { path: "./rows.csv", sha256: "abc" } },
  triggers: { version: 2, list: [1, 2] },
};
const idOf = (change: Values = {}) => runIdOf({ ...RUN, ...change });

describe("what a run is found by", () => {
  it("is its name and a hash, and always the same", () => {
    expect(idOf()).toMatch(/^migrate-[0-9a-z]{12}$/);
    expect(idOf()).toBe(idOf());
    // States hold it: a release that makes another one would run everything again.
    expect(idOf()).toBe("migrate-wdh0pdho694e");
  });

  it.each<[string, Values]>([
    ["name", { name: "other" }],
    ["script", { script: "./migrate.sh " }],
    ["environment", { environment: { MODE: "b", LEVEL: "1" } }],
    ["one variable less", { environment: { MODE: "a" } }],
    ["secrets", { secrets: { KEY: "l" } }],
    ["the content of a file", { files: { rows: { path: "./rows.csv", sha256: "abd" } } }],
    ["the name of a file", { files: { lines: { path: "./rows.csv", sha256: "abc" } } }],
    ["triggers", { triggers: { version: 3, list: [1, 2] } }],
    ["the order of a list in triggers", { triggers: { version: 2, list: [2, 1] } }],
    ["a job to run in", { jobName: "web", files: undefined }],
    ["a workspace to run on", { workspaceId: "site" }],
  ])("differs with %s", (_what, change) => expect(idOf(change)).not.toBe(idOf()));

  it.each<[string, Values]>([
    ["the order of keys", { environment: { LEVEL: "1", MODE: "a" }, triggers: { list: [1, 2], version: 2 } }],
    ["a variable that becomes a secret", { environment: { LEVEL: "1" }, secrets: { KEY: "k", MODE: "a" } }],
    ["where a file is", { files: { rows: { path: "./data/rows.csv", sha256: "abc" } } }],
    ["the VM that it runs in", { memoryMb: 2048, vcpus: 4, diskGb: 8, rootfsType: "claude" }],
    ["limits, and whether its log is a secret", { timeouts: { create: 60 }, secretLog: true }],
  ])("does not differ with %s", (_what, change) => expect(idOf(change)).toBe(idOf()));

  it("fits into the name of a job", () => {
    expect(idOf({ name: "n".repeat(runSchema.nameMaxLength) })).toHaveLength(63);
  });

  it("is told from the names of other jobs", () => {
    expect(isVmOfRun("migrate", idOf())).toBe(true);
    for (const other of [
      "migrate",
      "migrate-setup",
      "migrate-2-0123456789ab",
      "migrat-0123456789ab",
      undefined,
    ])
      expect(isVmOfRun("migrate", other)).toBe(false);
  });
});

describe("what is wrong beyond single fields", () => {
  const reasons = (inputs: Values) => runSchema.problems(inputs).map(({ reason }) => reason);

  it("is what makes no sense inside a job, each told", () => {
    const own = { workspaceId: "w", files: RUN.files, memoryMb: 1024, diskGb: 4 };
    expect(reasons({ script: "t", jobName: "web", ...own })).toEqual([
      expect.stringMatching(/^workspaceId has no meaning inside a job/),
      expect.stringMatching(/^files has no meaning inside a job/),
      expect.stringMatching(/^diskGb has no meaning inside a job/),
      expect.stringMatching(/^memoryMb has no meaning inside a job/),
    ]);
    expect(reasons({ script: "t", ...own })).toEqual([]);
  });

  it("is an environment that does not fit into a command, naming no value", () => {
    const environment = { LARGE: "x".repeat(40_000) };
    const secrets = { HIDDEN: "y".repeat(30_000) };
    expect(reasons({ script: "t", environment, secrets })).toEqual([]);
    for (const place of [{ jobName: "web" }, { workspaceId: "w" }, { jobName: UNKNOWN }]) {
      const problems = runSchema.problems({ script: "t", environment, secrets, ...place });
      expect(problems).toEqual([{ property: "", reason: expect.stringMatching(/more than 64 KB/) }]);
    }
  });

  it("is a variable in both environment and secrets", () => {
    expect(reasons({ script: "t", environment: { A: "1" }, secrets: { A: "2" } })).toEqual([
      expect.stringMatching(/both set A/),
    ]);
  });

  it("is nothing that is not known yet", () => {
    const inputs = { script: UNKNOWN, environment: UNKNOWN, secrets: { A: UNKNOWN }, workspaceId: UNKNOWN };
    expect(reasons(inputs)).toEqual([]);
  });
});
