import { App, PlanError, Stack, type Plan } from "../../constructs";

/** An app with one stack `s`, filled by the test. */
export function appOf(build: (stack: Stack, app: App) => void): App {
  const app = new App();
  build(new Stack(app, "s"), app);
  return app;
}

export function planOf(build: (stack: Stack, app: App) => void): Plan {
  return appOf(build).plan();
}

/** What a plan refuses, as `[path] message`. Fails when it refuses nothing. */
export function problemsOf(app: App): string[] {
  try {
    app.plan();
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.problems.map(({ path, message }) => `[${path}] ${message}`);
  }
  throw new Error("the plan refused nothing");
}

export function refused(build: (stack: Stack, app: App) => void): string[] {
  return problemsOf(appOf(build));
}

/** The properties of a resource, as the manifest shows them. */
export function propertiesAt(plan: Plan, path: string) {
  const found = plan.find(path);
  if (!found)
    throw new Error(`nothing at ${path}: there is ${plan.resources.map((one) => one.path).join(", ")}`);
  return found.manifest.properties;
}
