import { isNotFound } from "../api/errors";
import { REFRESH_MS } from "../api/directory";
import type { CronPatch, CronView } from "../api/wire";
import * as errors from "../errors";
import { createOnce } from "../api/attempt";
import { changesBetween, equal, recordOf } from "../schema/diff";
import type { Values } from "../schema/fields";
import { cronJobFields } from "../schema/cron-job-fields";
import { cronJobSchema } from "../schema/cron-job";
import { environmentOf } from "./job-submit";
import { isOurs, keeping, type Context, type Kind } from "./kind";

/** Inputs that the API is assumed to echo, so that they can be compared; the environment is not among them. */
const ECHOED = ["name", "cronExpression", "script", "workspaceId", "persistent", "enabled"] as const;

export const cronJob: Kind = {
  ...cronJobSchema,

  async create(context, inputs) {
    const name = inputs.name as string;
    const [existing, ...duplicates] = await cronsNamed(context, name);
    if (existing && !isOurs(context, inputs) && inputs.adopt !== true) {
      throw errors.alreadyExists("cron job", name, {
        status: existing.enabled === false ? "disabled" : "enabled",
        since: existing.createdAt,
      });
    }
    if (isOurs(context, inputs)) await removeDuplicates(context, name, duplicates);
    const cron = existing ?? (await createCron(context, inputs));
    const outputs = record(context, inputs);
    await keeping(
      context,
      cron.id,
      () => ({ ...outputs, notReady: "its settings were not all taken" }),
      async () => {
        // Creation ignores `enabled` (documented: it is set with PATCH); an existing one may differ in anything.
        const first = existing ? wanted(inputs) : inputs.enabled === false ? { enabled: false } : {};
        await converge(context, cron.id, inputs, first);
      },
    );
    return { id: cron.id, outputs };
  },

  async read(context, id, recorded) {
    const list = await context.directory.crons(REFRESH_MS);
    const cron = list.find((candidate) => candidate.id === id) ?? (await confirmGone(context, list, id));
    if (!cron) return undefined;
    const seen = echoed(recorded, cron);
    const outputs = { ...recorded, ...seen, account: context.settings.account };
    for (const key of Object.keys(seen)) if (seen[key] === undefined) delete (outputs as Values)[key];
    return { outputs, inputs: recordOf(cronJobFields, outputs) };
  },

  async update(context, id, recorded, inputs) {
    const fields = changesBetween(cronJobFields, recorded, inputs)
      .filter((change) => change.effect === "patch")
      .map((change) => change.field);
    const repair = recorded.notReady !== undefined;
    if (isOurs(context, inputs) && !fields.includes("name")) {
      const name = inputs.name as string;
      await removeDuplicates(context, name, await cronsNamed(context, name, id));
    }
    const all = wanted(inputs);
    const changed = Object.fromEntries(
      Object.entries(all).filter(([key]) => repair || fields.some((field) => WIRE[field] === key)),
    );
    await keeping(
      context,
      id,
      () => ({ ...recorded, notReady: "an update was not finished" }),
      () => converge(context, id, inputs, changed),
    );
    return record(context, inputs);
  },

  async delete(context, id, recorded) {
    await deleteCron(context, id);
    if (!isOurs(context, recorded)) return;
    const name = recorded.name as string;
    await removeDuplicates(context, name, await cronsNamed(context, name, id));
  },
};

/** The schedules of a name but for `id`, the oldest first where the API tells. */
async function cronsNamed(context: Context, name: string, id?: string): Promise<CronView[]> {
  const named = await context.directory.underName("crons", (cron) => cron.name === name && cron.id !== id);
  return named.sort((a, b) => String(a.createdAt ?? "").localeCompare(String(b.createdAt ?? "")));
}

/** The API lets a name stand twice: an effect that lands long after we gave up on it makes a second schedule. */
async function removeDuplicates(context: Context, name: string, duplicates: CronView[]): Promise<void> {
  for (const { id } of duplicates) {
    context.say(`another cron job "${name}" exists under our generated name; deleting ${id}`);
    await deleteCron(context, id);
  }
}

async function deleteCron(context: Context, id: string): Promise<void> {
  try {
    await context.client.deleteCron(id);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Our names on the wire. `secrets` are merged into the environment. */
const WIRE: Record<string, keyof CronPatch> = {
  name: "name",
  cronExpression: "cron_expression",
  script: "script",
  workspaceId: "workspace_id",
  environment: "environment",
  secrets: "environment",
  persistent: "persistent",
  enabled: "enabled",
};

/** Every field as it should be, in wire names. An empty text clears the workspace (assumed). */
function wanted(inputs: Values): CronPatch {
  return {
    name: inputs.name as string,
    cron_expression: inputs.cronExpression as string,
    script: inputs.script as string,
    persistent: inputs.persistent === true,
    workspace_id: (inputs.workspaceId as string | undefined) ?? "",
    environment: environmentOf(inputs),
    enabled: inputs.enabled !== false,
  };
}

async function createCron(context: Context, inputs: Values): Promise<{ id: string }> {
  const { name, cron_expression, script, persistent, workspace_id, environment } = wanted(
    inputs,
  ) as Required<CronPatch>;
  return createOnce(context, {
    doing: `Creating cron job "${name}"`,
    post: () =>
      context.client.createCron({
        name,
        cron_expression,
        script,
        persistent,
        ...(workspace_id === "" ? {} : { workspace_id }),
        ...(Object.keys(environment).length === 0 ? {} : { environment }),
      }),
    find: async () => (await context.directory.crons(0)).find((cron) => cron.name === name),
  });
}

/** Patches, reads again, patches once more what was not taken, and fails naming it if that did not help. */
async function converge(context: Context, id: string, inputs: Values, first: CronPatch): Promise<void> {
  if (Object.keys(first).length === 0) return;
  await context.client.patchCron(id, first);
  const differing = async () => {
    const cron = await context.client.getCron(id);
    return ECHOED.filter(
      (field) =>
        WIRE[field]! in first &&
        !equal(echoed({}, cron)[field] ?? fallback(field), inputs[field] ?? fallback(field)),
    );
  };
  const again = await differing();
  if (again.length === 0) return;
  const all = wanted(inputs);
  await context.client.patchCron(
    id,
    Object.fromEntries(again.map((field) => [WIRE[field], all[WIRE[field]!]])),
  );
  const still = await differing();
  if (still.length > 0) throw errors.cronNotTaken(String(inputs.name), still);
}

function fallback(field: string): unknown {
  return (
    cronJobFields[field as keyof typeof cronJobFields] &&
    (cronJobFields as Record<string, { default?: unknown }>)[field]!.default
  );
}

/** The echoed inputs as the API shows them; what it does not show keeps the recorded value. */
function echoed(recorded: Values, cron: CronView): Values {
  const values: Values = {};
  for (const field of ECHOED) {
    const seen = cron[field];
    if (seen === undefined) {
      if (recorded[field] !== undefined) values[field] = recorded[field];
    } else if (seen === "" && field === "workspaceId") {
      values[field] = undefined;
    } else if (recorded[field] !== undefined || !equal(seen, fallback(field))) {
      values[field] = seen;
    }
  }
  return values;
}

function record(context: Context, inputs: Values): Values {
  return { ...recordOf(cronJobFields, inputs), account: context.settings.account };
}

/** A 404 and the absence from a complete list after `list` together. */
async function confirmGone(
  context: Context,
  list: readonly CronView[],
  id: string,
): Promise<CronView | undefined> {
  const found = await context.client.findCron(id);
  return found ?? (await context.directory.again(list)).find((cron) => cron.id === id);
}
