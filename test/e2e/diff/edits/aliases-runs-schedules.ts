import { type Edit } from "./edit";

/** Edits of aliases, runs and schedules. */
export const OTHERS: readonly Edit[] = [
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
    before: `
      const url = new c.Job(stack, "job", { http: { port: 8080 } }).addAlias("url", { subdomain: "first" });
      new c.Job(stack, "client", { environment: { URL: url.url } });
      new c.Job(stack, "other", { environment: { DOMAIN: url.domain } });`,
    after: `
      const url = new c.Job(stack, "job", { http: { port: 8080 } }).addAlias("url", { subdomain: "second" });
      new c.Job(stack, "client", { environment: { URL: url.url } });
      new c.Job(stack, "other", { environment: { DOMAIN: url.domain } });`,
    does: ["job/url replace", "client restart"],
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
];
