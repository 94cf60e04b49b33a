import type { Field, FieldTable, FieldType, Values } from "../schema/fields";
import { cronJobFields } from "../schema/cron-job-fields";
import { jobFields } from "../schema/job-fields";
import { urlAliasFields } from "../schema/url-alias-fields";
import { problemsOf } from "../schema/validation";
import { ArgumentError } from "./errors";
import type { CronOptions, MagsOptions, NewOptions, RunOptions, WaitOptions } from "./options";

/** Each method's arguments as a field table, so that they are judged like those of a resource. */
type TableOf<T> = { [K in keyof Required<T>]: Field };

const local = (type: FieldType, more: Partial<Field> = {}): Field => ({
  type,
  effect: "local",
  description: "",
  ...more,
});
const boolean = local({ kind: "boolean" });
const id = local({ kind: "text" }, { required: true });
const port = local({ kind: "integer", min: 1, max: 65_535 });
const texts = local({ kind: "list", of: { kind: "text" } });
/** Milliseconds as in the vendor's SDK (observed). A value that looks like seconds is refused, not waited out. */
const milliseconds = (min: number) => local({ kind: "integer", min }, { unit: "milliseconds" });

const waitFields = {
  timeout: milliseconds(1_000),
  pollInterval: milliseconds(100),
} satisfies TableOf<WaitOptions>;

const { name, script, workspaceId, baseWorkspaceId, startupCommand, environment } = jobFields;
const { diskGb, rootfsType, vcpus, memoryMb } = jobFields;

const runFields = {
  ...{ name, workspaceId, baseWorkspaceId, startupCommand, environment, diskGb, rootfsType, vcpus, memoryMb },
  persistent: boolean,
  noSleep: boolean,
  noSync: boolean,
  ephemeral: boolean,
  fileIds: texts,
} satisfies TableOf<RunOptions>;

const newFields = {
  ...{ baseWorkspaceId, startupCommand, environment, diskGb, rootfsType, vcpus, memoryMb },
  ...waitFields,
  persistent: boolean,
  noSleep: boolean,
  fileIds: texts,
} satisfies TableOf<NewOptions>;

const required = (field: Field): Field => ({ ...field, required: true });

const cronFields = {
  name: cronJobFields.name,
  cronExpression: cronJobFields.cronExpression,
  script: cronJobFields.script,
  workspaceId: cronJobFields.workspaceId,
  environment: cronJobFields.environment,
  persistent: boolean,
  enabled: boolean,
} satisfies TableOf<CronOptions>;

const TABLES = {
  "new Mags": {
    apiToken: local({ kind: "text" }),
    apiUrl: local({ kind: "text" }),
    timeout: waitFields.timeout,
    domain: urlAliasFields.domain,
    maxConcurrency: local({ kind: "integer", min: 1 }),
    log: local({ kind: "any" }),
  } satisfies TableOf<MagsOptions>,
  run: { script: required(script), ...runFields },
  runAndWait: { script: required(script), ...runFields, ...waitFields },
  new: { name: required(name), ...newFields },
  status: { requestId: id },
  logs: { requestId: id },
  list: {
    page: local({ kind: "integer", min: 1 }),
    // The longest page that the API is assumed to give: of a longer one, the rest would be missing unseen.
    pageSize: local({ kind: "integer", min: 1, max: 50 }),
  },
  findJob: { nameOrId: id },
  updateJob: {
    requestId: id,
    startupCommand: local({ kind: "text", empty: true }),
    noSleep: boolean,
  },
  stop: { nameOrId: id, allowDataLoss: boolean, timeout: waitFields.timeout },
  exec: { nameOrId: id, command: local({ kind: "script" }, { required: true }), timeout: waitFields.timeout },
  sync: { requestId: id },
  resize: {
    ...newFields,
    workspace: required(workspaceId),
    diskGb: required(diskGb),
    script,
    ports: local({ kind: "list", of: port.type }),
    allowDataLoss: boolean,
  },
  usage: { windowDays: local({ kind: "integer", min: 1 }, { unit: "days" }) },
  enableAccess: { requestId: id, port, timeout: waitFields.timeout },
  url: { nameOrId: id, port, timeout: waitFields.timeout },
  urlAliasCreate: {
    subdomain: required(urlAliasFields.subdomain),
    workspaceId: required(urlAliasFields.workspaceId),
    domain: urlAliasFields.domain,
    port,
  },
  urlAliasDelete: { subdomain: id },
  deleteWorkspace: { workspaceId: id },
  uploadFiles: { filePaths: { ...texts, required: true } },
  cronCreate: { ...cronFields, name: required(cronFields.name) },
  cronGet: { id },
  cronUpdate: {
    id,
    ...Object.fromEntries(
      Object.entries(cronFields).map(([key, field]) => [key, { ...field, required: false }]),
    ),
    // An empty text clears it (assumed).
    workspaceId: local({ kind: "text", empty: true }),
  },
  cronDelete: { id },
} satisfies Record<string, FieldTable>;

type Method = keyof typeof TABLES;

/** What is wrong between arguments that are right each by itself (recorded by the vendor's client). */
function runProblems({ ephemeral, persistent, noSleep, workspaceId }: Values): string[] {
  const problems: string[] = [];
  if (ephemeral && workspaceId !== undefined)
    problems.push("ephemeral and workspaceId exclude each other: an ephemeral job keeps nothing.");
  if (ephemeral && persistent)
    problems.push("ephemeral and persistent exclude each other: an ephemeral job keeps nothing.");
  if (noSleep && !persistent)
    problems.push("noSleep needs persistent: true: without it, the VM ends with its script.");
  return problems;
}

const nothingToChange = (count: number) => (values: Values) =>
  Object.keys(values).length > count ? [] : ["there is nothing to change: give at least one field."];

const RULES: Partial<Record<Method, (values: Values) => string[]>> = {
  run: runProblems,
  runAndWait: runProblems,
  updateJob: nothingToChange(1),
  cronUpdate: nothingToChange(1),
};

/**
 * The arguments of a method, without those that are undefined or null. Everything that is wrong with them is
 * told at once, before anything is called.
 */
export function checked<T extends object>(method: Method, ...parts: (T | object)[]): T {
  const values: Values = {};
  for (const part of parts) {
    if (typeof part !== "object" || part === null || Array.isArray(part))
      throw new ArgumentError(method, ["options have to be given as an object."]);
    for (const [key, value] of Object.entries(part))
      if (value !== undefined && value !== null) values[key] = value;
  }
  const problems = problemsOf(TABLES[method], values).map(({ reason }) => reason);
  problems.push(...(RULES[method]?.(values) ?? []));
  if (problems.length > 0) throw new ArgumentError(method, problems);
  return values as T;
}
