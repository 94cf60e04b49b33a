import { type Edit } from "./edit";

const box = `const it = new c.Sandbox(stack, "x", { http: { port: 8080 }, script: serve, ...free });`;
const service = `
  const quiet = { alias: false, noSleep: false, waitFor: "running" };
  const it = new c.AlwaysOnService(stack, "x", { script: serve, workspace: free, ...quiet });`;
const users = (scope: string) => `
  const group = ${scope};
  const web = new c.Job(group, "web", { http: { port: 8080 } });
  const data = files(group, "data");
  new c.Job(stack, "client", { environment: { URL: web.url } });
  new c.Job(stack, "moves", { workspace: data });
  new c.UrlAlias(stack, "alias", { target: web });
  new c.CronJob(stack, "cron", { schedule: c.Schedule.daily(), script: "date", environment: { URL: web.url } });`;

/** What comes, goes, and is called otherwise. */
export const TREE: readonly Edit[] = [
  {
    what: "removal",
    before: `
      new c.Job(stack, "job", { workspace: files(stack), http: { port: 8080 } }).addAlias("url");
      new c.CronJob(stack, "cron", { schedule: c.Schedule.daily(), script: "date" });
      new c.Run(stack, "run", { script: "date" });
      new c.Workspace(stack, "kept", { name: "kept-files", removalPolicy: c.RemovalPolicy.RETAIN });
      new c.Job(stack, "kept-job", { removalPolicy: c.RemovalPolicy.RETAIN });
      new c.Job(stack, "stays");`,
    after: `new c.Job(stack, "stays");`,
    does: [
      "job delete",
      "job/url delete",
      "files delete",
      "cron delete",
      "run delete",
      "kept forget",
      "kept-job forget",
    ],
  },
  {
    what: "creation",
    before: `files(stack);`,
    after: `
      const job = files(stack).addJob("job", { http: { port: 8080 } });
      job.addAlias("url");
      job.addRun("run", { script: "date" });
      new c.CronJob(stack, "cron", { schedule: c.Schedule.daily(), script: "date" });`,
    does: ["files/job create", "files/job/url create", "files/job/run create", "cron create"],
  },
  {
    what: "another-kind",
    before: `new c.Job(stack, "thing");`,
    after: `files(stack, "thing");`,
    does: ["thing delete", "thing create"],
  },
  {
    what: "policy-kept-and-replaced",
    before: `new c.Job(stack, "job", { name: "kept-first", removalPolicy: c.RemovalPolicy.RETAIN });`,
    after: `new c.Job(stack, "job", { name: "kept-second", removalPolicy: c.RemovalPolicy.RETAIN });`,
    does: ["job replace, the old one kept"],
  },
  {
    what: "renamed",
    before: `new c.AlwaysOnService(stack, "web", { script: serve, waitFor: "running", workspace: free });`,
    after: `
      const site = new c.AlwaysOnService(stack, "site", { script: serve, waitFor: "running", workspace: free });
      c.Renames.of(site).from("web");`,
    does: ["site/Job rename", "site/Job/Alias rename", "site/Workspace rename"],
  },
  {
    what: "renamed-with-users",
    before: `
      const data = files(stack, "old");
      const api = data.addJob("api", { http: { port: 8080 } });
      new c.Job(stack, "client", { environment: { API: api.url, NAME: api.name } });
      new c.UrlAlias(stack, "url", { target: data });`,
    after: `
      const data = files(stack, "new");
      c.Renames.of(data).from("old");
      const api = data.addJob("api", { http: { port: 8080 } });
      new c.Job(stack, "client", { environment: { API: api.url, NAME: api.name } });
      new c.UrlAlias(stack, "url", { target: data });`,
    does: ["new rename", "new/api rename"],
  },
  {
    what: "renamed-and-edited",
    before: `
      new c.Job(stack, "patched", { workspace: files(stack) });
      new c.Job(stack, "restarted");
      new c.CronJob(stack, "cron", { schedule: c.Schedule.daily(), script: "date" });`,
    after: `
      const moved = [
        new c.Job(stack, "patched-now", { workspace: files(stack), noSleep: true }),
        new c.Job(stack, "restarted-now", { script: serve }),
        new c.CronJob(stack, "cron-now", { schedule: c.Schedule.daily(), script: "date", enabled: false }),
      ];
      for (const construct of moved) c.Renames.of(construct).from(construct.node.id.replace("-now", ""));`,
    does: ["patched-now patch, renamed", "restarted-now restart, renamed", "cron-now patch, renamed"],
  },
  {
    what: "renamed-and-replaced",
    before: `new c.Job(stack, "old", { name: "renamed-first" });`,
    after: `c.Renames.of(new c.Job(stack, "new", { name: "renamed-second" })).from("old");`,
    does: ["new replace, renamed"],
  },
  {
    what: "moved-elsewhere",
    before: `
      files(stack, "inner").addJob("job");
      new c.Workspace(stack, "outer", free);`,
    after: `
      const inner = files(stack, "inner");
      const outer = new c.Workspace(stack, "outer", free);
      const job = new c.Job(outer, "job", { workspace: inner });
      c.Renames.of(job).from("/" + stack.node.id + "/inner/job");`,
    does: ["outer/job rename"],
  },
  {
    what: "of-another-type",
    before: box,
    after: service,
    does: ["x/Job create", "x/Job delete", "x/Workspace create", "x/Workspace delete"],
  },
  {
    what: "of-another-type-and-kept",
    before: `const box = new c.Sandbox(stack, "x", { removalPolicy: c.RemovalPolicy.RETAIN });`,
    after: service,
    does: ["x/Job create", "x/Job forget", "x/Workspace create", "x/Workspace forget"],
  },
  {
    what: "of-another-type-with-users",
    before: users("new constructs.Construct(stack, 'group')"),
    after: users("new c.Stack(stack, 'group')"),
    does: [
      "group/web create",
      "group/web delete",
      "group/data create",
      "group/data delete",
      "client restart",
      "moves replace",
      "alias repoint",
      "cron patch",
    ],
  },
  {
    what: "of-another-type-by-a-rename",
    before: box,
    after: `${service}; c.Renames.of(it).from("x", c.Sandbox);`,
    does: ["x/Job rename", "x/Workspace rename"],
  },
  {
    what: "of-another-type-and-id-by-a-rename",
    before: `new c.Job(new constructs.Construct(stack, "old"), "job");`,
    after: `
      const group = new c.Stack(stack, "new");
      new c.Job(group, "job");
      c.Renames.of(group).from("old", constructs.Construct);`,
    does: ["new/job rename"],
  },
  {
    what: "in-a-construct-of-ours",
    before: `new c.MagsResource(stack, "job", "Job", {});`,
    after: `new c.Job(stack, "job");`,
    does: [],
  },
  {
    what: "wrapped",
    before: `new c.MagsResource(stack, "job", "Job", {});`,
    after: `new c.MagsResource(new constructs.Construct(stack, "job"), "Resource", "Job", {});`,
    does: ["job create", "job delete"],
  },
  {
    what: "wrapped-by-a-rename",
    before: `new c.MagsResource(stack, "job", "Job", {});`,
    after: `
      const job = new c.MagsResource(new constructs.Construct(stack, "job"), "Resource", "Job", {});
      c.Renames.of(job).from("/" + stack.node.id + "/job");`,
    does: ["job rename"],
  },
  {
    what: "part-of-a-pattern-by-a-rename",
    before: `new c.Job(stack, "web", { script: serve, http: { port: 8080 } }).addAlias("Alias");`,
    after: `
      const it = new constructs.Construct(stack, "web");
      const job = new c.Job(it, "Job", { script: serve, http: { port: 8080 } });
      job.addAlias("Alias");
      c.Renames.of(job).from("/" + stack.node.id + "/web");`,
    does: ["web/Job rename", "web/Job/Alias rename"],
  },
  {
    what: "another-child",
    before: `new c.Job(stack, "web", { script: serve, http: { port: 8080 } });`,
    after: `new c.Job(stack, "web", { script: serve, http: { port: 8080 } }).addAlias("alias");`,
    does: ["web/alias create"],
  },
  {
    what: "renamed-without-saying",
    before: `new c.Job(stack, "old");`,
    after: `new c.Job(stack, "new");`,
    does: ["old delete", "new create"],
  },
];
