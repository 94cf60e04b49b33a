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
  /** What refers to a job by what another VM has another of, and what refers to that in turn. */
  const followers = (stack, web) => {
    const a = new c.Job(stack, "a", { triggers: [web.requestId], http: { port: 8080 } });
    new c.Job(stack, "b", { environment: { URL: a.url, A: "1" } });
    const environment = { URL: c.interpolate\`\${web.url}/x\` };
    new c.CronJob(stack, "cron", { schedule: c.Schedule.daily(), script: "date", environment });
    new c.Run(stack, "run", { script: "date", environment });
  };
`;

/** A job on a workspace, with properties. */
export const job = (props: string) => `new c.Job(stack, "job", { workspace: files(stack), ${props} });`;
/** A job on a local disk, with properties. */
export const local = (props: string) => `new c.Job(stack, "job", { ${props} });`;
