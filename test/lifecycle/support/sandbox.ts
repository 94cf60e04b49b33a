import type { Values } from "../../../provider/schema/fields";
import { SANDBOX_NAME_LENGTH, sandboxParts } from "../../../provider/schema/sandbox";
import { ref, type Declared, type Program } from "../../support/engine-model";

/** The parts of a sandbox as the component declares them. */
export function sandbox(args: Values): Program {
  const { workspace, job, problems } = sandboxParts(args);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const identity = {
    typeChain: "mags:index:Sandbox",
    logicalName: "box",
    maxLength: SANDBOX_NAME_LENGTH,
  };
  const parts: Declared[] = [];
  const protect = workspace?.deletionProtection !== false;
  if (workspace) parts.push({ name: "files", kind: "Workspace", args: workspace, protect, identity });
  const on = workspace ? { workspaceId: ref("files", "workspaceId") } : {};
  return [...parts, { name: "vm", kind: "Job", args: { ...job, ...on }, identity }];
}
