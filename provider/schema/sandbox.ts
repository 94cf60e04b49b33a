import * as errors from "../errors";
import { expected } from "./validation";
import type { KindName, Values } from "./fields";
import { jobFields } from "./job-fields";
import { SHORTHANDS } from "./shorthands";
import { workspaceFields } from "./workspace-fields";

/**
 * A Sandbox is what `mags new NAME` gives (documented): a workspace and a job of one name, or a job alone on its
 * local disk. It has no fields of its own but one; everything else goes to one of its parts, or to both.
 */

/** An argument of a Sandbox, and the parts that get it. */
export type SandboxPart = Extract<KindName, "Workspace" | "Job">;

/** What the workspace gets. `diskGb` is not among it: the disk that people mean is the job's. */
const OF_WORKSPACE = [
  "name",
  "baseWorkspaceId",
  "setup",
  "rootfsType",
  "deletionProtection",
  "adopt",
  "timeouts",
] as const satisfies readonly (keyof typeof workspaceFields)[];

/** The job works on the sandbox's own workspace, so there is none to name. */
const TAKEN = ["workspaceId", "workspace"];

const OF_JOB = [...Object.keys(jobFields), ...Object.keys(SHORTHANDS.Job)].filter(
  (name) => !TAKEN.includes(name) && !(jobFields as Record<string, { derived?: boolean }>)[name]?.derived,
);

/** The parts that each argument goes to; none for `persistent`, which says what parts there are. */
export const SANDBOX_ARGUMENTS: Record<string, SandboxPart[]> = {
  persistent: [],
  ...Object.fromEntries(
    [...new Set<string>([...OF_WORKSPACE, ...OF_JOB])].map((name): [string, SandboxPart[]] => [
      name,
      [
        ...((OF_WORKSPACE as readonly string[]).includes(name) ? (["Workspace"] as const) : []),
        ...(OF_JOB.includes(name) ? (["Job"] as const) : []),
      ],
    ]),
  ),
};

/** What is to be said of an argument where the words of its part do not fit. */
export const SANDBOX_WORDS: Record<string, { description: string; default?: unknown }> = {
  persistent: {
    description: "Keep the files in a workspace. Without, they are on the local disk and end with the VM.",
    default: true,
  },
  name: {
    description: "Name of the job and of its workspace. Generated from stack and logical name when absent.",
  },
  baseWorkspaceId: {
    description: "Workspace to fork: the sandbox starts with its files and never changes it.",
  },
  rootfsType: {
    description:
      "Root file system, also of the VM that makes the workspace. Known to Mags: `standard`, `claude`, `pi`.",
    default: "standard",
  },
  allowDataLoss: {
    description:
      "Go on where files could be lost: those in `/data`, those not yet synced and, with `persistent: false`, all.",
    default: false,
  },
  adopt: {
    description: "Take over a job and a workspace of this name that exist already, as they are.",
    default: false,
  },
};

/** A workspace has to have room for `-setup`, so the name that both share is as short as that asks. */
export const SANDBOX_NAME_LENGTH = workspaceFields.name.type.maxLength;

export interface SandboxParts {
  /** Absent where files are on the local disk only. */
  workspace?: Values;
  job: Values;
  /** What is wrong with the arguments as a whole; the parts judge their own. */
  problems: string[];
}

/** Hands out the arguments to the parts. */
export function sandboxParts(args: Values): SandboxParts {
  const problems: string[] = [];
  const { persistent = true } = args;
  const given = Object.keys(args).filter((name) => args[name] !== undefined);
  if (typeof persistent !== "boolean")
    problems.push(`persistent must be ${expected({ kind: "boolean" })}, known when the program runs.`);
  for (const name of given.filter((one) => TAKEN.includes(one)))
    problems.push(errors.sandboxHasOwnWorkspace(name).message);
  const local = persistent === false;
  const withoutWorkspace = [
    ...(args.setup === undefined ? [] : ["setup"]),
    ...(args.deletionProtection === true ? ["deletionProtection"] : []),
  ];
  if (local && withoutWorkspace.length > 0)
    problems.push(errors.sandboxHasNoWorkspace(withoutWorkspace).message);
  const pick = (part: SandboxPart): Values =>
    Object.fromEntries(
      given.filter((name) => SANDBOX_ARGUMENTS[name]?.includes(part)).map((name) => [name, args[name]]),
    );
  // An argument that there is not is the job's to complain of.
  const unknown = given.filter((name) => !(name in SANDBOX_ARGUMENTS) && !TAKEN.includes(name));
  const job = { ...pick("Job"), ...Object.fromEntries(unknown.map((name) => [name, args[name]])) };
  if (local) return { job: { allowDataLoss: false, ...job }, problems };
  return { workspace: pick("Workspace"), job, problems };
}
