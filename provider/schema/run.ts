import { scryptSync } from "node:crypto";
import { canonical, digestOf } from "./diff";
import { UNKNOWN, type Values } from "./fields";
import { runFields } from "./run-fields";
import type { Schema } from "./schema";
import { environmentClash, type Problem } from "./validation";

/** Characters of the hash in the name of a run. */
const HASH_LENGTH = 12;
/** Inside a VM the environment travels in a command, which a kernel limits to 128 KB (Linux). */
const MAX_ENVIRONMENT_BYTES = 64 * 1024;
/** What only makes sense for a VM of its own. */
const OWN_VM = ["workspaceId", "baseWorkspaceId", "files", "rootfsType", "diskGb", "vcpus", "memoryMb"];

export const runSchema: Schema = {
  name: "Run",
  fields: runFields,
  nameField: "name",
  nameMaxLength: runFields.name.type.maxLength,
  timeouts: { create: 7200, update: 7200, delete: 300 },

  derive: (inputs, _settings, making) => ({ ...inputs, workspaceGeneration: making?.workspace }),

  problems(inputs: Values): Problem[] {
    const problems = environmentClash(inputs);
    if (inputs.jobName !== undefined) {
      for (const field of OWN_VM.filter((name) => inputs[name] !== undefined)) {
        problems.push({
          property: field,
          reason: `${field} has no meaning inside a job, whose VM is there already: give it to the job, or leave out the job.`,
        });
      }
    }
    const inside = inputs.jobName !== undefined || inputs.workspaceId !== undefined;
    if (inside && environmentBytes(inputs) > MAX_ENVIRONMENT_BYTES) {
      problems.push({
        property: "",
        reason: `environment and secrets hold more than ${MAX_ENVIRONMENT_BYTES / 1024} KB: put what they carry into the workspace.`,
      });
    }
    return problems;
  },

  needsRepair: (recorded) => recorded.notReady !== undefined,
};

/** The variables that the script sees. */
export function runEnvironment(inputs: Values): Record<string, string> {
  return { ...asMap(inputs.environment), ...asMap(inputs.secrets) } as Record<string, string>;
}

/**
 * What a run is found by: its name, and a hash of where it runs and of all that its script sees. It stands in
 * lists that others may read, so the hash is one that secrets cannot be guessed from at any speed.
 */
export function runIdOf(inputs: Values): string {
  const files = asMap(inputs.files) as Record<string, { sha256: string }>;
  const content = canonical({
    script: digestOf(inputs.script),
    environment: runEnvironment(inputs),
    files: Object.fromEntries(Object.entries(files).map(([name, { sha256 }]) => [name, sha256])),
    triggers: inputs.triggers ?? null,
    jobName: inputs.jobName ?? null,
    workspaceId: inputs.workspaceId ?? null,
  });
  return `${String(inputs.name)}-${slowHash(content, `mags-run ${String(inputs.name)}`)}`;
}

/** Slow hashes that have been worked out, by quick ones, so that no secret is kept. */
const slowHashes = new Map<unknown, string>();
const MAX_SLOW_HASHES = 1_000;

/** Takes some 50 ms, but only once for the same. */
function slowHash(content: string, salt: string): string {
  const key = digestOf(JSON.stringify([content, salt]));
  let hash = slowHashes.get(key);
  if (hash === undefined) {
    const hex = scryptSync(content, salt, 16).toString("hex");
    hash = BigInt(`0x${hex}`).toString(36).padStart(25, "0").slice(-HASH_LENGTH);
    if (slowHashes.size >= MAX_SLOW_HASHES) slowHashes.clear();
    slowHashes.set(key, hash);
  }
  return hash;
}

/** Whether a job is the VM of some run of this name. */
export function isVmOfRun(name: string, jobName: string | undefined): boolean {
  return (
    jobName !== undefined && jobName.startsWith(`${name}-`) && RUN_HASH.test(jobName.slice(name.length + 1))
  );
}
const RUN_HASH = new RegExp(`^[0-9a-z]{${HASH_LENGTH}}$`);

function environmentBytes(inputs: Values): number {
  return Object.entries(runEnvironment(inputs))
    .filter(([, value]) => (value as unknown) !== UNKNOWN)
    .reduce((sum, [name, value]) => sum + Buffer.byteLength(`${name}=${value}\n`), 0);
}

function asMap(value: unknown): Values {
  return typeof value === "object" && value !== null && (value as unknown) !== UNKNOWN
    ? (value as Values)
    : {};
}
