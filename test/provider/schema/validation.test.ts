import { cronJobFields } from "../../../provider/schema/cron-job-fields";
import { MAX_SCRIPT_BYTES, UNKNOWN, type FieldTable, type Values } from "../../../provider/schema/fields";
import { jobFields } from "../../../provider/schema/job-fields";
import { urlAliasFields } from "../../../provider/schema/url-alias-fields";
import { problemsOf } from "../../../provider/schema/validation";
import { workspaceFields } from "../../../provider/schema/workspace-fields";

const reasons = (table: FieldTable, inputs: Values) => problemsOf(table, inputs).map(({ reason }) => reason);
const job = (inputs: Values) => reasons(jobFields, inputs);
const alias = (inputs: Values) => reasons(urlAliasFields, { workspaceId: "w", ...inputs });
const cron = (inputs: Values) =>
  reasons(cronJobFields, { cronExpression: "0 3 * * *", script: "true", ...inputs });

describe("what is well", () => {
  it.each<[string, Values]>([
    ["nothing", {}],
    ["a name with all allowed characters", { name: "A.b_c-9" }],
    ["the longest name", { name: "a".repeat(63) }],
    [
      "the whole of a job",
      {
        script: "exec server\n",
        environment: { A: "", _B2: "ü" },
        secrets: { PASSWORD: "p" },
        files: { "a b.txt": { path: "./a", sha256: "0" }, "etc/ü.conf": { path: "./b", sha256: "1" } },
        diskGb: 2,
        vcpus: 1,
        memoryMb: 2048,
        idleTimeout: 1,
        noSleep: true,
        startupCommand: "true",
        http: { port: 1, otherPorts: [65535], healthPath: "/ok" },
        waitFor: "healthy",
        triggers: { any: ["thing", 1, null] },
        timeouts: { create: 1, update: 86_400 },
        allowDataLoss: false,
        adopt: false,
      },
    ],
    ["a root file system nobody knows", { rootfsType: "my-own-image" }],
    [
      "a big environment",
      { environment: Object.fromEntries([...Array(500).keys()].map((i) => [`K${i}`, "v"])) },
    ],
    ["a script of 2 MB", { script: "x".repeat(MAX_SCRIPT_BYTES) }],
  ])("%s", (_name, inputs) => expect(job(inputs)).toEqual([]));

  it("every kind in its smallest form", () => {
    expect(alias({})).toEqual([]);
    expect(cron({})).toEqual([]);
    expect(reasons(workspaceFields, {})).toEqual([]);
  });
});

describe("names", () => {
  const text = /^name must be 1 to 63 letters, digits, "\.", "_" or "-", starting with a letter or digit\.$/;
  it.each([
    "",
    "a".repeat(64),
    "with space",
    "slash/ed",
    "-first",
    "ünïcode",
    "a\n",
    5,
    null,
    true,
    ["a"],
    {},
  ])("%j is none", (name) => {
    const found = job({ name });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(text);
  });

  it("of workspaces leave room for the job that makes them", () => {
    expect(reasons(workspaceFields, { name: "a".repeat(57) })).toEqual([]);
    expect(reasons(workspaceFields, { name: "a".repeat(58) })[0]).toMatch(/^name must be 1 to 57 letters/);
  });
});

describe("subdomains and domains", () => {
  it.each(["Shop", "my shop", "", "-a", "a-", "a.b", "a_b", "a".repeat(64), "ü", 5])(
    "%j is no subdomain",
    (subdomain) =>
      expect(alias({ subdomain })).toEqual([
        "subdomain must be 1 to 63 lower-case letters, digits or inner hyphens.",
      ]),
  );

  it.each(["apps.example.test", "localhost", "a-b.c"])("%j is a domain", (domain) =>
    expect(alias({ domain })).toEqual([]),
  );

  it.each(["Apps.example.test", "a..b", ".a", "a.", "a b", "https://a", "", "a.".repeat(127) + "aa"])(
    "%j is no domain",
    (domain) => expect(alias({ domain })).toEqual(["domain must be a lower-case domain name."]),
  );

  it("an alias without a target says what is missing", () => {
    expect(reasons(urlAliasFields, { subdomain: "shop" })).toEqual([
      expect.stringMatching(/^workspaceId is missing: give 1 to 63 letters/),
    ]);
  });
});

describe("numbers", () => {
  it.each([0, -1, 1, 2.5, "8", "8GB", null, true, [8], 65_537, 1e300])("%j is no diskGb", (diskGb) =>
    expect(job({ diskGb })).toEqual(["diskGb must be a whole number from 2 to 65536, in GB."]),
  );

  it.each([0, -1, 65_536, 80.5, "80", null])("%j is no port, wherever it stands", (port) => {
    const expected = "must be a whole number from 1 to 65535.";
    expect(job({ http: { port } })).toEqual([`http.port ${expected}`]);
    expect(job({ http: { port: 80, otherPorts: [81, port] } })).toEqual([`http.otherPorts.1 ${expected}`]);
    expect(alias({ port })).toEqual([`port ${expected}`]);
  });

  it.each(["vcpus", "memoryMb", "idleTimeout"])("%s is a positive whole number", (field) => {
    for (const value of [0, -1, 1.5, "2"])
      expect(job({ [field]: value })[0]).toMatch(`${field} must be a whole`);
  });
});

describe("other types", () => {
  it.each<[Values, RegExp]>([
    [{ script: "" }, /^script must be a text that is not empty/],
    [{ script: " \n\t" }, /^script must be a text that is not empty/],
    [{ script: "ü".repeat(MAX_SCRIPT_BYTES / 2 + 1) }, /^script is larger than 2 MB/],
    [{ noSleep: "true" }, /^noSleep must be true or false\.$/],
    [{ waitFor: "ready" }, /^waitFor must be one of "running", "healthy", "none"\.$/],
    [{ environment: ["A=1"] }, /^environment must be a map whose values are a text\.$/],
    [{ environment: { A: 1 } }, /^environment\.A must be a text\.$/],
    [{ environment: { "1A": "x" } }, /^environment\.1A is no name of an environment variable/],
    [{ environment: { "A-B": "x" } }, /^environment\.A-B is no name of an environment variable/],
    [{ environment: { "": "x" } }, /is no name of an environment variable/],
    [{ files: { "a/../b": { path: "p", sha256: "0" } } }, /^files\.a\/\.\.\/b is no name of a file/],
    [{ http: {} }, /^http\.port /],
    [{ http: 8080 }, /^http must be an object with port, otherPorts, healthPath\.$/],
    [
      { http: { port: 80, path: "/x" } },
      /^http has no property path: known are port, otherPorts, healthPath\.$/,
    ],
    [{ timeouts: { create: 0 } }, /^timeouts\.create must be a whole number from 1 to 86400, in seconds\.$/],
    [{ timeouts: { read: 5 } }, /^timeouts has no property read/],
  ])("%j", (inputs, reason) => {
    const found = job(inputs);
    expect(found[0]).toMatch(reason);
    expect(new Set(found).size).toBe(found.length);
  });
});

describe("properties that do not exist", () => {
  it("suggests the one that was meant", () => {
    expect(job({ noSleap: true })).toEqual(["there is no property noSleap: did you mean noSleep?"]);
    expect(job({ diskGB: 4 })).toEqual(["there is no property diskGB: did you mean diskGb?"]);
  });

  it("else lists what exists, without what is computed", () => {
    const [reason] = job({ completelyDifferent: 1 });
    expect(reason).toMatch(/^there is no property completelyDifferent: known are name, script, /);
    expect(reason).not.toMatch(/localDisk|generatedName/);
  });

  it.each(["localDisk", "generatedName"])("computed %s is none that can be given", (name) =>
    expect(job({ [name]: true })[0]).toMatch(`there is no property ${name}`),
  );

  it.each(["constructor", "toString", "hasOwnProperty"])("%s is none either", (name) =>
    expect(job({ [name]: "x" })[0]).toMatch(`there is no property ${name}`),
  );
});

it("tells everything at once", () => {
  const found = cron({ cronExpression: "* * * *", name: "", workspaceId: "a b", enabled: 1, extra: 1 });
  expect(found).toHaveLength(5);
  for (const field of ["cronExpression", "name", "workspaceId", "enabled", "extra"]) {
    expect(found.filter((reason) => reason.includes(field))).not.toEqual([]);
  }
});

describe("unknown values pass", () => {
  it.each(
    Object.keys(jobFields).filter((field) => !("derived" in jobFields[field as keyof typeof jobFields])),
  )("as %s", (field) => expect(job({ [field]: UNKNOWN })).toEqual([]));

  it.each<[string, Values]>([
    ["a value of a map", { environment: { A: UNKNOWN, B: "x" } }],
    ["a secret", { secrets: { A: UNKNOWN } }],
    ["a property of an object", { http: { port: UNKNOWN } }],
    ["a whole list in an object", { http: { port: 80, otherPorts: UNKNOWN } }],
    ["an item of a list", { http: { port: 80, otherPorts: [81, UNKNOWN] } }],
    ["an object in a map", { files: { a: UNKNOWN } }],
    ["a property of an object in a map", { files: { a: { path: UNKNOWN, sha256: UNKNOWN } } }],
    ["something deep in a value of any shape", { triggers: { a: [{ b: UNKNOWN }] } }],
    ["a time-out", { timeouts: { create: UNKNOWN } }],
  ])("as %s", (_name, inputs) => expect(job(inputs)).toEqual([]));

  it("as required values and cron expressions", () => {
    expect(cron({ cronExpression: UNKNOWN, script: UNKNOWN, workspaceId: UNKNOWN })).toEqual([]);
    expect(reasons(urlAliasFields, { subdomain: UNKNOWN, workspaceId: UNKNOWN, domain: UNKNOWN })).toEqual(
      [],
    );
  });

  it("but what is known beside them is still judged", () => {
    expect(job({ http: { port: UNKNOWN, otherPorts: [0] } })).toEqual([
      "http.otherPorts.0 must be a whole number from 1 to 65535.",
    ]);
    expect(job({ environment: { A: UNKNOWN, B: 1 } })).toEqual(["environment.B must be a text."]);
  });
});

describe("secrets stay out of problems", () => {
  const SECRET = "s3cr3t-value";

  it.each<Values>([
    { secrets: { "BAD-KEY": SECRET } },
    { secrets: { A: [SECRET] } },
    { secrets: SECRET },
    { secrets: [SECRET] },
    { environment: { A: { deep: SECRET } } },
    { environment: SECRET },
    { files: { a: SECRET } },
    { http: { port: SECRET } },
    { http: SECRET },
    { unknownProperty: SECRET },
    { timeouts: { create: SECRET } },
    { diskGb: SECRET },
    { name: `${SECRET} with space` },
    { waitFor: SECRET },
    { adopt: SECRET },
  ])("%j: no reason shows the value", (inputs) => {
    const problems = problemsOf(jobFields, inputs);
    expect(problems.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).not.toContain(SECRET);
  });

  it.each<Values>([
    { secrets: { A: [SECRET] } },
    { environment: { A: { deep: SECRET } } },
    { http: { port: SECRET } },
    { files: { a: SECRET } },
    { unknownProperty: SECRET },
  ])("%j: no property is named whose value the engine would print", (inputs) => {
    for (const { property } of problemsOf(jobFields, inputs)) expect(property).toBe("");
  });
});
