import * as pulumi from "@pulumi/pulumi";
import { startEmulator, type Emulator } from "../../../emulator";
import * as mags from "../../../provider";
import { Mags } from "../../../provider/client";
import { runProgram, valueOf, type ProgramOptions } from "../../support/pulumi-program";

let emulator: Emulator;
/** One client per account, for what the functions are to find. */
let clients: Mags[];

beforeEach(async () => {
  emulator = await startEmulator({ execute: "simulate", bootMs: 0, vmIdMs: 0, stopMs: 0, accounts: 2 });
  clients = emulator.tokens.map((apiToken) => new Mags({ apiUrl: emulator.url, apiToken }));
});
afterEach(async () => {
  pulumi.runtime.setAllConfig({});
  await Promise.all(clients.map((client) => client.close()));
  await emulator.stop();
});

const stackConfig = () => ({ "mags:endpoint": emulator.url, "mags:apiToken": emulator.tokens[0]! });

/** Runs a program whose stack has this configuration, and gives what it comes to. */
async function program<T>(
  body: () => Promise<T> | T,
  config: Record<string, string> = stackConfig(),
  options: ProgramOptions = {},
): Promise<T> {
  pulumi.runtime.setAllConfig(config);
  const { result } = await runProgram(body, options);
  return result;
}

/** What an output comes to, and what it is. */
async function facts<T>(output: pulumi.Output<T>) {
  const { isKnown } = output as unknown as { isKnown: Promise<boolean> };
  return { value: await valueOf(output), known: await isKnown, secret: await pulumi.isSecret(output) };
}

async function messageOf(work: () => Promise<unknown>): Promise<string> {
  const error: unknown = await work().then(
    () => new Error("nothing was thrown"),
    (thrown: unknown) => thrown,
  );
  // A mistake is told without a stack.
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  return (error as Error).message;
}

/** Something of every sort in an account. */
async function fill(client: Mags): Promise<string> {
  const { requestId } = await client.new("web", { persistent: true });
  await client.url("web", 3000);
  await client.runAndWait("true", { name: "once" });
  await client.urlAliasCreate("shop", "web");
  await client.cronCreate({ name: "nightly", cronExpression: "0 3 * * *", script: "echo $SECRET" });
  return requestId;
}

describe("before the first resource exists", () => {
  it("every function answers for the account of the stack's configuration", async () => {
    const requestId = await fill(clients[0]!);
    await program(async () => {
      const web = { requestId, name: "web", workspaceId: "web", status: "running", account: "local" };
      await expect(mags.getJob({ name: "web" })).resolves.toMatchObject({
        ...web,
        vmId: expect.any(String),
        url: expect.stringMatching(/^http:\/\/\w+\.localhost:\d+$/),
      });
      await expect(mags.getJob({ workspaceId: "web" })).resolves.toMatchObject(web);
      await expect(mags.getJob({ requestId })).resolves.toMatchObject(web);
      await expect(mags.getJobs()).resolves.toMatchObject([{ name: "once", status: "completed" }, web]);
      await expect(mags.getJobs({ active: true })).resolves.toMatchObject([web]);
      await expect(mags.getJobs({ namePrefix: "on" })).resolves.toMatchObject([{ name: "once" }]);
      await expect(mags.getJobs({ workspaceId: "other" })).resolves.toEqual([]);
      const site = { name: "web", workspaceId: "web", account: "local" };
      await expect(mags.getWorkspace({ name: "web" })).resolves.toEqual(site);
      await expect(mags.getWorkspaces()).resolves.toEqual([site]);
      await expect(mags.getWorkspaces({ namePrefix: "x" })).resolves.toEqual([]);
      const url = expect.stringMatching(/^http:\/\/shop\.localhost:\d+$/);
      const alias = { subdomain: "shop", domain: "localhost", workspaceId: "web", url, account: "local" };
      await expect(mags.getUrlAliases()).resolves.toEqual([alias]);
      await expect(mags.getUrlAliases({ workspaceId: "other" })).resolves.toEqual([]);
      await expect(mags.getCronJobs({ name: "nightly" })).resolves.toMatchObject([
        {
          id: expect.any(String),
          name: "nightly",
          cronExpression: "0 3 * * *",
          enabled: true,
          account: "local",
        },
      ]);
      await expect(mags.getCronJobs({ name: "other" })).resolves.toEqual([]);
      await expect(mags.getUsage({ windowDays: 7 })).resolves.toMatchObject({ totalJobs: 2, windowDays: 7 });
      await expect(mags.getPoolStatus()).resolves.toMatchObject({ busyVms: 1, account: "local" });
    });
  });

  it("no function changes anything, and each answers in a preview too", async () => {
    await fill(clients[0]!);
    emulator.clearCalls();
    const look = async () => {
      await mags.getJob({ name: "web" });
      await Promise.all([mags.getJobs(), mags.getWorkspaces(), mags.getUrlAliases(), mags.getCronJobs()]);
      await Promise.all([mags.getWorkspace({ name: "web" }), mags.getUsage(), mags.getPoolStatus()]);
      return valueOf(mags.getJobsOutput());
    };
    await expect(program(look, undefined, { preview: true })).resolves.toHaveLength(2);
    expect(emulator.calls().filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("shows no script: it may hold a secret", async () => {
    await fill(clients[0]!);
    const crons = await program(() => mags.getCronJobs());
    expect(JSON.stringify(crons)).not.toContain("SECRET");
  });

  it("sees what has changed since it last looked", async () => {
    await program(async () => {
      await expect(mags.getJobs()).resolves.toEqual([]);
      await clients[0]!.run("true");
      await expect(mags.getJobs()).resolves.toHaveLength(1);
    });
  });

  it("finds the active job behind many that have ended, and else the newest of those", async () => {
    await clients[0]!.new("deep");
    for (let index = 0; index < 55; index++) await clients[0]!.run("true", { name: `job-${index}` });
    await program(async () => {
      await expect(mags.getJob({ name: "deep" })).resolves.toMatchObject({ status: "running" });
      await clients[0]!.runAndWait("exit 3", { name: "job-1" });
      await expect(mags.getJob({ name: "job-1" })).resolves.toMatchObject({ status: "error", exitCode: 3 });
    });
  });
});

describe("the token", () => {
  const before = process.env.MAGS_API_TOKEN;
  afterEach(() => {
    if (before === undefined) delete process.env.MAGS_API_TOKEN;
    else process.env.MAGS_API_TOKEN = before;
  });

  it("is looked for at call time, in the usual order", async () => {
    await clients[1]!.run("true");
    process.env.MAGS_API_TOKEN = emulator.tokens[1];
    await program(
      async () => {
        await expect(mags.getJobs()).resolves.toHaveLength(1);
      },
      { "mags:endpoint": emulator.url },
    );
    await program(async () => {
      await expect(mags.getJobs()).resolves.toEqual([]);
    });
  });

  it("that is refused is told as that", async () => {
    await program(
      async () => {
        await expect(messageOf(() => mags.getJobs())).resolves.toMatch(/Mags refused the API token \(401/);
      },
      { ...stackConfig(), "mags:apiToken": "wrong" },
    );
  });
});

describe("an explicit provider", () => {
  const second = (token: pulumi.Input<string> = emulator.tokens[1]!) =>
    new mags.Provider("second", {
      endpoint: emulator.url,
      apiToken: token,
      account: "second",
      maxConcurrency: 2,
    });

  it("is the account that is asked, by its own arguments alone", async () => {
    await clients[0]!.run("true", { name: "first" });
    await clients[1]!.runAndWait("true", { name: "second" });
    const config = { ...stackConfig(), "mags:account": "of the stack", "mags:domain": "apps.mags.run" };
    await program(async () => {
      const provider = second();
      const found = await mags.getJobs({}, { provider });
      expect(found).toMatchObject([{ name: "second", account: "second" }]);
      await expect(valueOf(mags.getJobsOutput({}, { provider }))).resolves.toEqual(found);
      await expect(mags.getJobs()).resolves.toMatchObject([{ name: "first", account: "of the stack" }]);
    }, config);
  });

  it("may have outputs and secrets for arguments; what is asked with them is no secret", async () => {
    await clients[1]!.run("true", { name: "second" });
    await program(async () => {
      const provider = second(pulumi.secret(pulumi.output(Promise.resolve(emulator.tokens[1]!))));
      await expect(mags.getJobs({}, { provider })).resolves.toHaveLength(1);
      const result = await facts(mags.getJobsOutput({}, { provider }));
      expect(result).toMatchObject({ known: true, secret: false, value: [{ name: "second" }] });
      expect(JSON.stringify(result)).not.toContain(emulator.tokens[1]);
    });
  });

  it("is taken from a component, too", async () => {
    await clients[1]!.run("true", { name: "second" });
    await program(async () => {
      const parent = new pulumi.ComponentResource("acme:index:Fleet", "fleet", {}, { providers: [second()] });
      await expect(mags.getJobs({}, { parent })).resolves.toMatchObject([{ name: "second" }]);
    });
  });

  it("whose arguments are not known yet makes an output unknown, and a promise an error", async () => {
    await program(
      async () => {
        const unknown = pulumi.output((pulumi as unknown as { unknown: string }).unknown);
        const provider = second(unknown);
        await expect(facts(mags.getJobsOutput({}, { provider }))).resolves.toMatchObject({ known: false });
        await expect(messageOf(() => mags.getJobs({}, { provider }))).resolves.toMatch(
          /arguments of its provider are not known yet.*Use getJobsOutput/,
        );
      },
      undefined,
      { preview: true },
    );
    expect(emulator.calls()).toEqual([]);
  });

  it("has to be one of ours", async () => {
    class Other extends pulumi.ProviderResource {}
    await program(async () => {
      const provider = new Other("aws", "other");
      await expect(messageOf(() => mags.getJobs({}, { provider }))).resolves.toMatch(
        /getJobs: the option "provider" has to be a Provider of this package/,
      );
    });
  });

  it("shows nothing of itself among the outputs of a stack", async () => {
    await program(() => {
      const provider = second();
      expect(Reflect.ownKeys(Object.assign({}, provider)).filter((key) => typeof key === "symbol")).toEqual(
        [],
      );
    });
  });
});

describe("the form for outputs", () => {
  it("takes outputs, and keeps a secret one secret", async () => {
    await fill(clients[0]!);
    await program(async () => {
      const name = pulumi.output(Promise.resolve("web"));
      await expect(facts(mags.getJobOutput({ name }))).resolves.toMatchObject({
        known: true,
        secret: false,
        value: { name: "web" },
      });
      await expect(facts(mags.getWorkspaceOutput({ name: pulumi.secret("web") }))).resolves.toMatchObject({
        secret: true,
      });
    });
  });

  it("exists for every function", async () => {
    await fill(clients[0]!);
    await program(async () => {
      await expect(valueOf(mags.getJobOutput({ name: "web" }))).resolves.toEqual(
        await mags.getJob({ name: "web" }),
      );
      await expect(valueOf(mags.getJobsOutput())).resolves.toEqual(await mags.getJobs());
      await expect(valueOf(mags.getWorkspaceOutput({ name: "web" }))).resolves.toMatchObject({ name: "web" });
      await expect(valueOf(mags.getWorkspacesOutput())).resolves.toEqual(await mags.getWorkspaces());
      await expect(valueOf(mags.getUrlAliasesOutput())).resolves.toEqual(await mags.getUrlAliases());
      await expect(valueOf(mags.getCronJobsOutput())).resolves.toEqual(await mags.getCronJobs());
      await expect(valueOf(mags.getUsageOutput())).resolves.toMatchObject({ totalJobs: 2 });
      await expect(valueOf(mags.getPoolStatusOutput())).resolves.toMatchObject({ busyVms: 1 });
    });
    const promises = Object.keys(mags).filter((name) => /^get.*(?<!Output)$/.test(name));
    expect(promises).toHaveLength(8);
    for (const name of promises) expect(mags).toHaveProperty(`${name}Output`);
  });

  it("waits for what it depends on, and is not known while that is not", async () => {
    await program(async () => {
      const job = new mags.Job("web", { name: "web" });
      for (const dependsOn of [job, [job], pulumi.output([job])])
        await expect(facts(mags.getJobsOutput({}, { dependsOn }))).resolves.toMatchObject({ known: true });
      const unknown = pulumi.output((pulumi as unknown as { unknown: mags.Job }).unknown);
      const output = mags.getJobsOutput({}, { dependsOn: [unknown] });
      await expect(facts(output)).resolves.toMatchObject({ known: false });
    });
  });

  it("cannot depend on a component, and says so", async () => {
    await program(() => {
      const dependsOn = new pulumi.ComponentResource("acme:index:Fleet", "fleet") as never;
      expect(() => mags.getJobsOutput({}, { dependsOn })).toThrow(
        /getJobs: the option dependsOn takes resources.*component/,
      );
    });
  });
});

describe("what is not there, or not right", () => {
  it.each<[string, () => Promise<unknown>, RegExp]>([
    [
      "getJob of a missing name",
      () => mags.getJob({ name: "gone" }),
      /There is no job "gone" in this account/,
    ],
    ["getJob of a missing request", () => mags.getJob({ requestId: "gone" }), /There is no job "gone"/],
    ["getJob of everything", () => mags.getJob({}), /getJob: give one of name, workspaceId and requestId/],
    ["getJob of two things", () => mags.getJob({ name: "a", workspaceId: "b" }), /give one of/],
    ["getJob of a number", () => mags.getJob({ name: 5 } as never), /getJob: name must be a text/],
    [
      "getWorkspace of a missing name",
      () => mags.getWorkspace({ name: "gone" }),
      /There is no workspace "gone"/,
    ],
    ["getWorkspace without a name", () => mags.getWorkspace({} as never), /getWorkspace: name is missing/],
    ["getJobs with a typing error", () => mags.getJobs({ activ: true } as never), /did you mean active/],
    ["getUsage of no days", () => mags.getUsage({ windowDays: 0 }), /getUsage: windowDays must be/],
  ])("%s is an error", async (_name, call, message) => {
    await program(async () => {
      await expect(messageOf(call)).resolves.toMatch(message);
    });
  });

  it("an address where nobody answers is told as that", async () => {
    await program(
      async () => {
        await expect(messageOf(() => mags.getJobs())).resolves.toMatch(/127\.0\.0\.1:1 cannot be reached/);
      },
      { ...stackConfig(), "mags:endpoint": "http://127.0.0.1:1" },
    );
  });
});
