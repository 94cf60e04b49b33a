import { type Edit } from "./edit";

/** Edits of workspaces, and of what is on them. */
export const WORKSPACES: readonly Edit[] = [
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
    what: "told-by-reference",
    before: `
      const made = files(stack, "files", { name: "by-name" });
      const target = c.Workspace.fromName(stack, "found", "by-name");
      target.node.addDependency(made);
      const job = new c.Job(stack, "job", { workspace: target, http: { port: 8080 } });
      const url = new c.UrlAlias(stack, "url", { target });
      job.node.addDependency(made);
      url.node.addDependency(made);`,
    after: `
      const target = files(stack, "files", { name: "by-name" });
      new c.Job(stack, "job", { workspace: target, http: { port: 8080 } });
      new c.UrlAlias(stack, "url", { target });`,
    does: ["job local", "url repoint"],
  },
  {
    what: "told-by-name",
    before: `
      const target = files(stack, "files", { name: "by-reference" });
      new c.Job(stack, "job", { workspace: target, http: { port: 8080 } });
      new c.UrlAlias(stack, "url", { target });`,
    after: `
      files(stack, "files", { name: "by-reference" });
      const target = c.Workspace.fromName(stack, "found", "by-reference");
      new c.Job(stack, "job", { workspace: target, http: { port: 8080 } });
      new c.UrlAlias(stack, "url", { target });`,
    does: ["job local", "url local"],
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
];
