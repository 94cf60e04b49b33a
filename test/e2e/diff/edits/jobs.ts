import { job, local, type Edit } from "./edit";

/** Edits of jobs, and of what refers to them. */
export const JOBS: readonly Edit[] = [
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
      new c.Job(stack, "other", { environment: { NAME: web.name } });
      followers(stack, web);`,
    after: `
      const web = new c.Job(stack, "web", { workspace: files(stack), http: { port: 8080 }, script: serve });
      web.addAlias("url");
      new c.Job(stack, "client", { environment: { URL: web.url, NAME: web.name } });
      new c.Job(stack, "other", { environment: { NAME: web.name } });
      followers(stack, web);`,
    does: ["web restart", "client restart", "a restart", "b restart", "cron patch", "run rerun"],
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
      new c.Job(stack, "job", { allowDataLoss: true, http: { port: 8080 } }).addAlias("url");`,
    after: `
      const workspace = files(stack);
      new c.Job(stack, "job", { workspace, allowDataLoss: true, http: { port: 8080 } }).addAlias("url");`,
    does: ["job replace", "job/url repoint"],
  },
  {
    what: "name-dropped",
    before: `new c.Job(stack, "job", { name: "a-name-that-stays" });`,
    after: `new c.Job(stack, "job");`,
    does: [],
  },
  {
    what: "sandbox",
    before: `new c.Sandbox(stack, "box", free);`,
    after: `new c.Sandbox(stack, "box", { ...free, noSleep: true });`,
    does: ["box/Job patch"],
  },
];
