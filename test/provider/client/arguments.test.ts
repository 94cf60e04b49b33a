import { ArgumentError, type Mags } from "../../../provider/client";
import { failure, onFakeApi, type OnFakeApi, stopAll } from "./support";

let the: OnFakeApi;
beforeAll(async () => {
  the = await onFakeApi();
});
afterAll(stopAll);

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- calls as JavaScript may make them
type Untyped = any;

/** Wrong calls, and what is said of each. */
const WRONG: [string, (mags: Untyped) => Promise<unknown>, string[]][] = [
  ["run without a script", (mags) => mags.run(), ["script is missing: give a text"]],
  ["run of nothing", (mags) => mags.run("  "), ["script must be a text that is not empty"]],
  [
    "run with options that are none",
    (mags) => mags.run("true", "box"),
    ["options have to be given as an object"],
  ],
  [
    "run with several mistakes",
    (mags) =>
      mags.run("true", {
        diskGB: 5,
        diskGb: 1.5,
        workspaceId: "a/b",
        environment: { "A-B": "x", C: 1 },
        fileIds: "f",
      }),
    [
      "there is no property diskGB: did you mean diskGb?",
      "diskGb must be a whole number from 2 to 65536, in GB",
      'workspaceId must be 1 to 63 letters, digits, ".", "_" or "-"',
      "environment.A-B is no name of an environment variable",
      "environment.C must be a text",
      "fileIds must be a list",
    ],
  ],
  [
    "run that keeps nothing and something",
    (mags) => mags.run("true", { ephemeral: true, workspaceId: "w", persistent: true }),
    ["ephemeral and workspaceId exclude each other", "ephemeral and persistent exclude each other"],
  ],
  [
    "run that never sleeps and ends",
    (mags) => mags.run("true", { noSleep: true }),
    ["noSleep needs persistent"],
  ],
  [
    "runAndWait for 60 ms",
    (mags) => mags.runAndWait("true", { timeout: 60 }),
    ["timeout must be .* 1000, in milliseconds"],
  ],
  [
    "runAndWait looking all the time",
    (mags) => mags.runAndWait("true", { pollInterval: 1 }),
    ["pollInterval must be"],
  ],
  ["new without a name", (mags) => mags.new(), ["name is missing"]],
  [
    "new with an option of run",
    (mags) => mags.new("x", { workspaceId: "y" }),
    ["there is no property workspaceId"],
  ],
  [
    "status of nothing, as of an answer in the API's names",
    (mags) => mags.status(undefined),
    ["requestId is missing"],
  ],
  ["logs of nothing", (mags) => mags.logs(""), ["requestId must be a text that is not empty"]],
  [
    "list of long pages",
    (mags) => mags.list({ pageSize: 100 }),
    ["pageSize must be a whole number from 1 to 50"],
  ],
  ["findJob of nothing", (mags) => mags.findJob(), ["nameOrId is missing"]],
  ["updateJob of nothing", (mags) => mags.updateJob("r", {}), ["there is nothing to change"]],
  ["updateJob of a script", (mags) => mags.updateJob("r", { script: "x" }), ["there is no property script"]],
  ["stop of nothing", (mags) => mags.stop(null), ["nameOrId is missing"]],
  ["exec without a command", (mags) => mags.exec("x"), ["command is missing"]],
  ["sync of nothing", (mags) => mags.sync(), ["requestId is missing"]],
  ["resize to a text", (mags) => mags.resize("x", "10GB"), ["diskGb must be a whole number"]],
  ["usage of no days", (mags) => mags.usage({ windowDays: 0 }), ["windowDays must be"]],
  [
    "enableAccess of no port",
    (mags) => mags.enableAccess("r", 70_000),
    ["port must be a whole number from 1 to 65535"],
  ],
  ["url with options in the place of the port", (mags) => mags.url("x", { port: 80 }), ["port must be"]],
  ["urlAliasCreate of two labels", (mags) => mags.urlAliasCreate("a.b", "w"), ["subdomain must be 1 to 63"]],
  ["urlAliasCreate without a workspace", (mags) => mags.urlAliasCreate("a"), ["workspaceId is missing"]],
  ["urlAliasDelete of nothing", (mags) => mags.urlAliasDelete(), ["subdomain is missing"]],
  ["deleteWorkspace of nothing", (mags) => mags.deleteWorkspace(""), ["workspaceId must be"]],
  ["uploadFiles of one path", (mags) => mags.uploadFiles("a.txt"), ["filePaths must be a list"]],
  [
    "cronCreate of a schedule that never fires",
    (mags) => mags.cronCreate({ cronExpression: "0 0 31 2 *", script: "date" }),
    ["cronExpression never fires", "name is missing"],
  ],
  ["cronGet of nothing", (mags) => mags.cronGet(), ["id is missing"]],
  ["cronUpdate of nothing", (mags) => mags.cronUpdate("c", {}), ["there is nothing to change"]],
  [
    "cronUpdate with text for a switch",
    (mags) => mags.cronUpdate("c", { enabled: "yes" }),
    ["enabled must be true or false"],
  ],
  [
    "cronUpdate with options that are none",
    (mags) => mags.cronUpdate("c", null),
    ["options have to be given as an object"],
  ],
  ["cronDelete of nothing", (mags) => mags.cronDelete(), ["id is missing"]],
];

it.each(WRONG)("%s is refused before anything is called", async (_name, call, reasons) => {
  const error = await failure(call(the.mags));
  expect(error).toBeInstanceOf(ArgumentError);
  const { problems } = error as ArgumentError;
  expect(problems).toHaveLength(reasons.length);
  for (const reason of reasons) expect(error.message).toMatch(new RegExp(reason.replace("?", "\\?")));
  expect(the.api.requests).toEqual([]);
});

it("covers every method that takes arguments", () => {
  const none = [
    "constructor",
    "listAll",
    "listWorkspaces",
    "urlAliasList",
    "cronList",
    "poolStatus",
    "close",
    "apiUrl",
  ];
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(the.mags) as Mags).filter(
    (name) => !none.includes(name),
  );
  const covered = new Set(WRONG.map(([, call]) => /mags\.(\w+)\(/.exec(String(call))![1]));
  expect([...covered].sort()).toEqual(methods.sort());
});

it("null and undefined count as not given", async () => {
  the.api.script({ body: { request_id: "r", status: "accepted" } });
  await the.mags.run("true", { name: undefined, workspaceId: null, environment: null } as never);
  expect(Object.keys(the.api.requests[0]!.body as object).sort()).toEqual([
    "name",
    "persistent",
    "script",
    "type",
  ]);
});

it("no value shows in a message: it may be a secret", async () => {
  const error = await failure(
    the.mags.run("true", { environment: { "BAD KEY": "hunter2" }, name: "hunter2 x" }),
  );
  expect(error.message).not.toContain("hunter2");
});
