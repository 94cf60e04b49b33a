import { job, local, type Edit } from "./edit";

/** What a deploy refuses: it does nothing then. Each with the paths that stand in the way. */
export const REFUSALS: readonly Edit[] = [
  {
    what: "disk-shrinks",
    before: job("disk: c.Size.gibibytes(4)"),
    after: job("disk: c.Size.gibibytes(2)"),
    does: ["job"],
  },
  {
    what: "local-disk-lost",
    before: local("allowDataLoss: false"),
    after: local("allowDataLoss: false, script: serve"),
    does: ["job"],
  },
  {
    what: "sandbox-lost",
    before: `new c.Sandbox(stack, "box", { persistent: false });`,
    after: `new c.Sandbox(stack, "box", { persistent: false, environment: { A: "1" } });`,
    does: ["box/Job"],
  },
  {
    what: "sandbox-that-is-to-lose-its-workspace",
    before: `new c.Sandbox(stack, "box", free);`,
    after: `new c.Sandbox(stack, "box", { persistent: false });`,
    does: ["box/Job"],
  },
  {
    what: "sandbox-that-is-to-have-a-workspace",
    before: `new c.Sandbox(stack, "box", { persistent: false });`,
    after: `new c.Sandbox(stack, "box", { ...free, allowDataLoss: true });`,
    does: ["box/Job"],
  },
  {
    what: "local-disk-left-for-a-workspace",
    before: local(""),
    after: job(""),
    does: ["job"],
  },
  {
    what: "protected-removed",
    before: `new c.Workspace(stack, "files");`,
    after: "",
    does: ["files"],
  },
  {
    what: "protected-replaced",
    before: `new c.Workspace(stack, "files", { base: files(stack, "one") });`,
    after: `files(stack, "one"); new c.Workspace(stack, "files");`,
    does: ["files"],
  },
  {
    what: "protected-copy-of-what-is-replaced",
    before: `fork(stack, "one").fork("copy");`,
    after: `fork(stack, "two").fork("copy");`,
    does: ["files/copy"],
  },
];

/** What a plan of Pulumi's lets pass, and the provider or the cloud then refuses. */
export const LATE_REFUSALS: readonly Edit[] = [
  {
    what: "protection-turned-off-in-the-same-step",
    before: `new c.Workspace(stack, "files", { name: "protected-data" });`,
    after: `new c.Workspace(stack, "files", { name: "other-data", deletionProtection: false });`,
    does: ["files"],
  },
  ...[
    `files(group, "one", { name: "own-kept-data" })`,
    `new c.Job(group, "one", { name: "job-kept-data" })`,
    `new c.Job(group, "one", { workspace: files(stack, "files", { name: "shared-kept-data" }) })`,
    `new c.UrlAlias(group, "one", { target: files(stack), subdomain: "alias-kept-data" })`,
    `new c.CronJob(group, "one", { name: "cron-kept-data", schedule: c.Schedule.daily(), script: "date" })`,
  ].map((statement): Edit => ({
    what: `of-another-type-with-the-${/(\w+)-kept/.exec(statement)![1]}-name`,
    before: `const group = new constructs.Construct(stack, "group"); ${statement};`,
    after: `const group = new c.Stack(stack, "group"); ${statement};`,
    does: ["group/one"],
  })),
  {
    what: "kept-in-the-way",
    before: `files(stack, "files", { name: "kept-data", removalPolicy: c.RemovalPolicy.RETAIN });`,
    after: `
      const base = files(stack, "one");
      files(stack, "files", { name: "kept-data", removalPolicy: c.RemovalPolicy.RETAIN, base });`,
    does: ["files"],
  },
];
