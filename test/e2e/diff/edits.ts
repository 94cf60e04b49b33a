/** An edit of a program of constructs, in a stack of its own, and what a deploy of it does. */
export interface Edit {
  /** Id of its stack, and what it is about. */
  readonly what: string;
  /** Statements, with the constructs library as `c` and the stack as `stack`. */
  readonly before: string;
  readonly after: string;
  /** Paths below the stack, each with what is done there. What stays as it is is not among them. */
  readonly does: readonly string[];
}

/** What every edit has at hand. */
export const HELPERS = `
  const free = { deletionProtection: false };
  const serve = "exec sleep infinity";
  const files = (stack, id = "files", more = {}) => new c.Workspace(stack, id, { ...free, ...more });
  const fork = (stack, from) => {
    const bases = { one: files(stack, "one"), two: files(stack, "two") };
    return files(stack, "files", { base: bases[from] });
  };
`;

const job = (props: string) => `new c.Job(stack, "job", { workspace: files(stack), ${props} });`;
const local = (props: string) => `new c.Job(stack, "job", { ${props} });`;

/** What a deploy carries out. */
export const EDITS: readonly Edit[] = [
  { what: "patch", before: job(""), after: job("noSleep: true"), does: ["job patch"] },
  {
    what: "patch-two",
    before: job(`startupCommand: "date"`),
    after: job("noSleep: true, http: { port: 8080 }"),
    does: ["job patch"],
  },
  {
    what: "port-moved",
    before: job("http: { port: 8080 }"),
    after: job("http: { port: 8081, otherPorts: [8080] }"),
    does: ["job patch"],
  },
  {
    what: "restart",
    before: job(`environment: { A: "1" }`),
    after: job(`environment: { A: "2" }`),
    does: ["job restart"],
  },
  {
    what: "restart-and-patch",
    before: job(""),
    after: job(`noSleep: true, triggers: ["again"]`),
    does: ["job restart"],
  },
  {
    what: "http-gone",
    before: job("http: { port: 8080 }"),
    after: job(""),
    does: ["job restart"],
  },
  {
    what: "file-edited",
    before: job(`files: { "a.conf": "before.conf" }`),
    after: job(`files: { "a.conf": "after.conf" }`),
    does: ["job restart"],
  },
  {
    what: "file-moved",
    before: job(`files: { "a.conf": "before.conf" }`),
    after: job(`files: { "a.conf": "same.conf" }`),
    does: [],
  },
  {
    what: "resize",
    before: job("disk: c.Size.gibibytes(3)"),
    after: job("disk: c.Size.gibibytes(5)"),
    does: ["job resize"],
  },
  {
    what: "local",
    before: job(`http: { port: 8080 }`),
    after: job(`http: { port: 8080, healthPath: "/well" }, timeouts: { update: c.Duration.minutes(9) }`),
    does: ["job local"],
  },
  {
    what: "default-said",
    before: job(""),
    after: job("noSleep: false, disk: c.Size.gibibytes(2), environment: {}"),
    does: [],
  },
  { what: "local-disk", before: local(""), after: local("script: serve"), does: ["job restart"] },
  {
    what: "followers-of-restart",
    before: `
      const web = new c.Job(stack, "web", { workspace: files(stack), http: { port: 8080 } });
      web.addAlias("url");
      new c.Job(stack, "client", { environment: { URL: web.url, NAME: web.name } });
      new c.Job(stack, "other", { environment: { NAME: web.name } });`,
    after: `
      const web = new c.Job(stack, "web", { workspace: files(stack), http: { port: 8080 }, script: serve });
      web.addAlias("url");
      new c.Job(stack, "client", { environment: { URL: web.url, NAME: web.name } });
      new c.Job(stack, "other", { environment: { NAME: web.name } });`,
    does: ["web restart", "client restart"],
  },
  {
    what: "followers-of-patch",
    before: `
      const web = new c.Job(stack, "web", { workspace: files(stack), http: { port: 8080 } });
      new c.Job(stack, "client", { environment: { URL: c.interpolate\`\${web.url}/x\` } });`,
    after: `
      const web = new c.Job(stack, "web", { workspace: files(stack), http: { port: 8080 }, noSleep: true });
      new c.Job(stack, "client", { environment: { URL: c.interpolate\`\${web.url}/x\` } });`,
    does: ["web patch"],
  },
  {
    what: "repoint",
    before: `
      const [a, b] = ["a", "b"].map((id) => new c.Job(stack, id, { http: { port: 8080 } }));
      new c.UrlAlias(stack, "url", { target: a });`,
    after: `
      const [a, b] = ["a", "b"].map((id) => new c.Job(stack, id, { http: { port: 8080 } }));
      new c.UrlAlias(stack, "url", { target: b });`,
    does: ["url repoint"],
  },
  {
    what: "repoint-port",
    before: `new c.Job(stack, "job", { http: { port: 8080, otherPorts: [8081] } }).addAlias("url");`,
    after: `new c.Job(stack, "job", { http: { port: 8080, otherPorts: [8081] } }).addAlias("url", { port: 8081 });`,
    does: ["job/url repoint"],
  },
  {
    what: "subdomain",
    before: `new c.Job(stack, "job", { http: { port: 8080 } }).addAlias("url", { subdomain: "first" });`,
    after: `new c.Job(stack, "job", { http: { port: 8080 } }).addAlias("url", { subdomain: "second" });`,
    does: ["job/url replace"],
  },
  {
    what: "job-replaced",
    before: `
      const job = new c.Job(stack, "job", { name: "first-name", workspace: files(stack), http: { port: 8080 } });
      job.addAlias("url");
      job.addRun("run", { script: "true" });
      new c.Job(stack, "client", { environment: { NAME: job.name } });`,
    after: `
      const job = new c.Job(stack, "job", { name: "second-name", workspace: files(stack), http: { port: 8080 } });
      job.addAlias("url");
      job.addRun("run", { script: "true" });
      new c.Job(stack, "client", { environment: { NAME: job.name } });`,
    does: ["job replace", "job/run replace", "client restart"],
  },
  {
    what: "local-disk-replaced",
    before: `new c.Job(stack, "job", { name: "local-first", http: { port: 8080 } }).addAlias("url");`,
    after: `new c.Job(stack, "job", { name: "local-second", http: { port: 8080 } }).addAlias("url");`,
    does: ["job replace", "job/url repoint"],
  },
  {
    what: "workspace-given",
    before: `
      files(stack);
      new c.Job(stack, "job", { http: { port: 8080 } }).addAlias("url");`,
    after: `new c.Job(stack, "job", { workspace: files(stack), http: { port: 8080 } }).addAlias("url");`,
    does: ["job replace", "job/url repoint"],
  },
  {
    what: "workspace-anew",
    before: `
      const data = fork(stack, "one");
      const job = data.addJob("job", { http: { port: 8080 } });
      job.addAlias("by-job");
      job.addRun("run", { script: "true" });
      new c.UrlAlias(stack, "by-workspace", { target: data });
      new c.UrlAlias(stack, "elsewhere", { target: new c.Job(stack, "other", { http: { port: 8080 } }) });`,
    after: `
      const data = fork(stack, "two");
      const job = data.addJob("job", { http: { port: 8080 } });
      job.addAlias("by-job");
      job.addRun("run", { script: "true" });
      new c.UrlAlias(stack, "by-workspace", { target: data });
      new c.UrlAlias(stack, "elsewhere", { target: new c.Job(stack, "other", { http: { port: 8080 } }) });`,
    does: [
      "files replace",
      "files/job replace",
      "files/job/by-job repoint",
      "files/job/run replace",
      "by-workspace repoint",
    ],
  },
  {
    what: "workspace-anew-and-what-is-forked-from-it",
    before: `fork(stack, "one").fork("copy", free).addJob("job");`,
    after: `fork(stack, "two").fork("copy", free).addJob("job");`,
    does: ["files replace", "files/copy replace", "files/copy/job replace"],
  },
  {
    what: "workspace-renamed",
    before: `
      const data = files(stack, "files", { name: "data-first" });
      data.addCronJob("cron", { schedule: c.Schedule.daily(), script: "date" });
      new c.Run(stack, "run", { workspace: data, script: "date" });`,
    after: `
      const data = files(stack, "files", { name: "data-second" });
      data.addCronJob("cron", { schedule: c.Schedule.daily(), script: "date" });
      new c.Run(stack, "run", { workspace: data, script: "date" });`,
    does: ["files replace", "files/cron patch", "run replace"],
  },
  {
    what: "name-dropped",
    before: `new c.Job(stack, "job", { name: "a-name-that-stays" });`,
    after: `new c.Job(stack, "job");`,
    does: [],
  },
  {
    what: "setup-and-protection",
    before: `files(stack, "files", { setup: "true" });`,
    after: `files(stack, "files", { setup: "date", disk: c.Size.gibibytes(3) });`,
    does: ["files local"],
  },
  {
    what: "fork-base-of-job",
    before: `files(stack).fork("copy", free).addJob("job", { baseWorkspaceId: files(stack, "one").workspaceId });`,
    after: `files(stack).fork("copy", free).addJob("job", { baseWorkspaceId: files(stack, "two").workspaceId });`,
    does: ["two create", "one delete", "files/copy/job restart"],
  },
  {
    what: "sandbox",
    before: `new c.Sandbox(stack, "box", free);`,
    after: `new c.Sandbox(stack, "box", { ...free, noSleep: true });`,
    does: ["box/Job patch"],
  },
  {
    what: "run",
    before: `
      const env = { environment: { A: "1" } };
      new c.Run(stack, "alone", { script: "date", memory: c.Size.gibibytes(1) });
      new c.Run(stack, "kept", { script: "date", memory: c.Size.gibibytes(1) });
      new c.Job(stack, "job", { noSleep: true }).addRun("inside", { script: "date", ...env });
      new c.Run(stack, "on", { script: "date", workspace: files(stack), triggers: ["1"] });`,
    after: `
      const env = { environment: { A: "2" } };
      new c.Run(stack, "alone", { script: "date; true", memory: c.Size.gibibytes(2) });
      new c.Run(stack, "kept", { script: "date", memory: c.Size.gibibytes(2) });
      new c.Job(stack, "job", { noSleep: true }).addRun("inside", { script: "date", ...env });
      new c.Run(stack, "on", { script: "date", workspace: files(stack), triggers: ["2"] });`,
    does: ["alone rerun", "kept local", "job/inside rerun", "on rerun"],
  },
  {
    what: "follower-of-run",
    before: `
      const run = new c.Run(stack, "run", { script: "echo 1" });
      new c.Job(stack, "job", { environment: { LOG: run.logTail } });`,
    after: `
      const run = new c.Run(stack, "run", { script: "echo 2" });
      new c.Job(stack, "job", { environment: { LOG: run.logTail } });`,
    does: ["run rerun", "job restart"],
  },
  {
    what: "cron",
    before: `
      new c.CronJob(stack, "edited", { schedule: c.Schedule.daily({ hour: 3 }), script: "date" });
      new c.CronJob(stack, "off", { schedule: c.Schedule.daily(), script: "date" });
      new c.CronJob(stack, "on", { schedule: c.Schedule.daily(), script: "date", enabled: false });
      new c.CronJob(stack, "moved", { schedule: c.Schedule.daily(), script: "date", workspace: files(stack) });
      new c.CronJob(stack, "same", { schedule: c.Schedule.daily(), script: "date" });`,
    after: `
      new c.CronJob(stack, "edited", { schedule: c.Schedule.daily({ hour: 4 }), script: "date" });
      new c.CronJob(stack, "off", { schedule: c.Schedule.daily(), script: "date", enabled: false });
      new c.CronJob(stack, "on", { schedule: c.Schedule.daily(), script: "date", enabled: true });
      files(stack);
      new c.CronJob(stack, "moved", { schedule: c.Schedule.daily(), script: "date", name: "moved" });
      new c.CronJob(stack, "same", { schedule: c.Schedule.expression("0 0 * * *"), script: "date" });`,
    does: ["edited patch", "off patch", "on patch", "moved patch"],
  },
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
    does: ["job replace"],
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
    what: "renamed-without-saying",
    before: `new c.Job(stack, "old");`,
    after: `new c.Job(stack, "new");`,
    does: ["old delete", "new create"],
  },
];

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
    what: "protection-turned-off-in-the-same-step",
    before: `new c.Workspace(stack, "files", { name: "protected-first" });`,
    after: `new c.Workspace(stack, "files", { name: "protected-second", deletionProtection: false });`,
    does: ["files"],
  },
];
