import { App } from "../../constructs/app";
import { CronJob } from "../../constructs/l2/cron-job";
import { Job } from "../../constructs/l2/job";
import { UrlAlias } from "../../constructs/l2/url-alias";
import { Workspace } from "../../constructs/l2/workspace";
import { Stack } from "../../constructs/stack";
import { pulumiNameOf, pulumiTypeOf } from "../../constructs/urn-parts";
import type { Adopted } from "./adoption";
import { argumentLines, header } from "./arguments";
import { literal } from "./literals";
import { Names, objectOf, type Entry, type Line, type Program } from "./program";

/** The stack that all stands in. */
const STACK = "fleet";

/** A program of constructs. */
export function constructsProgram(adopted: readonly Adopted[]): Program {
  const names = new Names(adopted, "constructs");
  const declarations = adopted.map((thing) => {
    const lines = argumentLines(thing, names, (name, value) => specialOf(thing, names, name, value));
    return `${names.declaration(thing)} ${thing.kind}(stack, ${literal(names.label(thing))}, ${objectOf(lines)});`;
  });
  const kinds = [...new Set(["Workspace", ...adopted.map(({ kind }) => kind)])].filter((kind) =>
    declarations.some((text) => new RegExp(`\\b${kind}[(.]`).test(text)),
  );
  const text = [
    `import { ${["App", "Stack", ...kinds].sort().join(", ")} } from "pulumi-mags/constructs";`,
    `import { deploy } from "pulumi-mags/constructs/pulumi";`,
    "",
    ...header(),
    "",
    "const app = new App();",
    `const stack = new Stack(app, ${literal(STACK)});`,
    "",
    ...declarations,
    "",
    "deploy(app);",
    "",
  ].join("\n");
  return { text, entries: entriesOf(adopted, names) };
}

function specialOf({ kind }: Adopted, names: Names, name: string, value: unknown): Line | undefined {
  if (name === "cronExpression") return ["schedule", literal(String(value))];
  if (name !== "workspaceId") return undefined;
  const isAlias = kind === "UrlAlias";
  const target = isAlias ? names.target(value) : names.workspace(value);
  if (target) return [isAlias ? "target" : "workspace", names.variable(target)];
  const text = literal(String(value));
  if (isAlias) return ["target", `{ workspaceId: ${text} }`];
  return ["workspace", `Workspace.fromName(stack, ${literal(`workspace of ${value as string}`)}, ${text})`];
}

/** What Pulumi will call it all, as the constructs themselves say. */
function entriesOf(adopted: readonly Adopted[], names: Names): Entry[] {
  const stack = new Stack(new App(), STACK);
  const around: Entry = { type: pulumiTypeOf(stack), name: pulumiNameOf(stack) };
  const entries = adopted.map((thing): Entry => {
    const { resource } = constructFor(thing, stack, names.label(thing));
    return { type: pulumiTypeOf(resource), name: pulumiNameOf(resource), parent: around, adopted: thing };
  });
  return [around, ...entries];
}

function constructFor({ kind }: Adopted, stack: Stack, id: string): Workspace | Job | UrlAlias | CronJob {
  switch (kind) {
    case "Workspace":
      return new Workspace(stack, id);
    case "Job":
      return new Job(stack, id);
    case "UrlAlias":
      return new UrlAlias(stack, id, { target: { workspaceId: "any" } });
    case "CronJob":
      return new CronJob(stack, id, { schedule: "* * * * *", script: "true" });
  }
}
