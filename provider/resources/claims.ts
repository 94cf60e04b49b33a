import * as pulumi from "./sdk";
import * as errors from "../errors";
import { clashOn, type WorkspaceUser } from "../schema/claims";
import { explicitProvider } from "./explicit-provider";
import { refuseProgram } from "./problems";
import { perRun } from "./per-run";

interface Claims {
  names: Set<string>;
  users: Map<unknown, WorkspaceUser[]>;
}

const newClaims = (): Claims => ({ names: new Set(), users: new Map() });

/** By provider: two accounts may each have a thing of one name. */
const claimsOfThisRun = perRun<Map<unknown, Claims>>(() => new Map());

/** The claims of the account that a resource with these options lives in. */
export function claimsFor(options: pulumi.CustomResourceOptions | undefined): Claims {
  const provider = explicitProvider(options);
  const claims = claimsOfThisRun();
  let mine = claims.get(provider);
  if (!mine) claims.set(provider, (mine = newClaims()));
  return mine;
}

/** Two resources of one program must not be the same thing. Only plain names can be judged here. */
export function claimName(claims: Claims, kind: string, name: unknown): void {
  if (typeof name !== "string") return;
  const key = `${kind} ${name}`;
  if (claims.names.has(key)) void refuseProgram([errors.claimedTwice(kind, name).message]);
  claims.names.add(key);
}

const plainNames = new WeakMap<pulumi.Resource, string>();

/** Remembers under which plain name a workspace can be referred to as well. */
export function rememberName(workspace: pulumi.Resource, name: unknown): void {
  if (typeof name === "string") plainNames.set(workspace, name);
}

const KINDS = { job: "Job", cron: "CronJob", run: "Run" } as const;

/** Claims the one VM of a workspace. Only a plain name, or a workspace of the program, can be judged here. */
export function claimWorkspace(
  claims: Claims,
  user: "job" | "cron" | "run",
  workspace: unknown,
  resource: string,
): void {
  const isResource = pulumi.Resource.isInstance(workspace);
  if (typeof workspace !== "string" && !isResource) return;
  const key = isResource ? (plainNames.get(workspace) ?? workspace) : workspace;
  const label = typeof key === "string" ? key : String((workspace as { __name?: string }).__name);
  const me: WorkspaceUser = { kind: KINDS[user], resource };
  const others = claims.users.get(key) ?? [];
  const clash = clashOn(label, me, others);
  if (clash) void refuseProgram([clash.message]);
  claims.users.set(key, [...others, me]);
}
