import { App, CronJob, Job, Stack, UrlAlias, Workspace, type AppProps } from "../../constructs";
import { problemsOf } from "./support";

/** An app of stacks that are filled alike. */
function alike(build: (stack: Stack) => void, names = ["prod", "staging"], props?: AppProps): App {
  const app = new App(props);
  for (const name of names) build(new Stack(app, name));
  return app;
}

const warningsOf = (app: App) => app.plan().annotations.map(({ path, message }) => `[${path}] ${message}`);

describe("without a deploy, which accounts stacks are deployed to is not known", () => {
  it("so one name in two stacks is a warning, and tells when it is well", () => {
    expect(
      warningsOf(
        alike((stack) => {
          const workspace = new Workspace(stack, "w", { name: "data" });
          new Job(stack, "api", { name: "api", workspace });
        }),
      ),
    ).toEqual([
      expect.stringMatching(
        /^\[staging\/api\] in one account, a deploy refuses this: its name is "api", as that of prod\/api: .* If the two stacks are deployed to accounts of their own, by providers, it is well\.$/,
      ),
      expect.stringMatching(/^\[staging\/api\] .* it works on the workspace "data", as prod\/api does/),
      expect.stringMatching(/^\[staging\/w\] .* its name is "data", as that of prod\/w/),
    ]);
  });

  it("and so is a schedule on what a job of another stack works on by its name", () => {
    const app = new App();
    const [a, b] = ["a", "b"].map((id) => new Stack(app, id));
    new Job(a!, "job", { workspace: Workspace.fromName(a!, "data", "data") });
    const workspace = Workspace.fromName(b!, "data", "data");
    new CronJob(b!, "cron", { schedule: "0 3 * * *", script: "date", workspace });
    expect(warningsOf(app)).toEqual([
      expect.stringMatching(/^\[b\/cron\] in one account, .* it would fire on the workspace "data"/),
    ]);
  });

  it("but in one stack it is a mistake, also where a third one has it", () => {
    const app = alike((stack) => new Job(stack, "api", { name: "api" }));
    new Job(app.node.findChild("staging") as Stack, "again", { name: "api" });
    expect(problemsOf(app)).toEqual([
      expect.stringMatching(/^\[staging\/api\] its name is "api", as that of staging\/again/),
    ]);
  });

  it("and what is referred to is of the account that it is in", () => {
    const app = new App();
    const [shop, edge] = ["shop", "edge"].map((id) => new Stack(app, id));
    const generated = new Workspace(shop!, "generated");
    const named = new Workspace(shop!, "named", { name: "named" });
    for (const workspace of [generated, named]) workspace.addJob("job");
    new Job(edge!, "again", { workspace: generated });
    new Job(edge!, "once-more", { workspace: named });
    new UrlAlias(edge!, "alias", { target: named, subdomain: "shop" });
    expect(problemsOf(app)).toEqual([
      expect.stringMatching(/^\[edge\/alias\] it points to edge\/once-more, which opens no port/),
      expect.stringMatching(
        /^\[shop\/generated\/job\] it works on the workspace shop\/generated, as edge\/again/,
      ),
      expect.stringMatching(
        /^\[shop\/named\/job\] it works on the workspace "named", as edge\/once-more does/,
      ),
    ]);
  });
});
