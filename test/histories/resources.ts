import type { Values } from "../../provider/schema/fields";
import type { Resource } from "./history";

/** One that never fires while a test runs. */
const YEARLY = "0 0 1 1 *";

export const workspace = (name: string, args: Values = {}): Resource => ({
  name,
  kind: "Workspace",
  args: { deletionProtection: false, ...args },
});
export const job = (args: Values = {}, name = "box"): Resource => ({ name, kind: "Job", args });
export const alias = (args: Values, name = "url"): Resource => ({ name, kind: "UrlAlias", args });
export const cron = (args: Values = {}, name = "nightly"): Resource => ({
  name,
  kind: "CronJob",
  args: { cronExpression: YEARLY, script: "true", ...args },
});

/** An output of a resource that is declared before. */
export const ref = (name: string, output: string): Values => ({ $ref: [name, output] });
/** The argument that puts something on a workspace. */
export const on = (name: string): Values => ({ workspaceId: ref(name, "workspaceId") });
/** A value that only the engine knows. */
export const late = (value: unknown): Values => ({ $output: value });

export const data = workspace("data");
export const other = workspace("other");
