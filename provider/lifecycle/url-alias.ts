import { aliasIn, createAlias, findAlias, removeAlias } from "../api/aliases";
import { publicUrl } from "../api/settings";
import * as errors from "../errors";
import { changesBetween, has, recordOf } from "../schema/diff";
import type { Values } from "../schema/fields";
import { isOurs, keeping, type Context, type Kind } from "./kind";
import { urlAliasSchema } from "../schema/url-alias";
import { urlAliasFields } from "../schema/url-alias-fields";

interface Target {
  workspaceId: string;
  port?: number;
}

export const urlAlias: Kind = {
  ...urlAliasSchema,

  async create(context, inputs) {
    const { subdomain, domain, workspaceId } = inputs as Record<string, string>;
    const id = `${subdomain}.${domain}`;
    const found = await context.directory.underName("aliases", (alias) => alias.subdomain === subdomain);
    const existing = aliasIn(found, subdomain!, domain!);
    if (existing) {
      const pointsHere = existing.workspaceId === workspaceId;
      // What an interrupted run left may have another port, or rely on a workspace that is gone: no list tells.
      if (isOurs(context, inputs)) await repoint(context, inputs, targetOf(existing));
      else if (inputs.adopt !== true) {
        throw pointsHere
          ? errors.alreadyExists("URL alias", id, {})
          : errors.aliasPointsElsewhere(id, existing.workspaceId ?? "an unknown target");
      } else if (!pointsHere) {
        await repoint(context, inputs, targetOf(existing));
      } else {
        context.say(`adopted alias "${id}" as it is; not shown by the API and trusted: port`);
      }
    } else {
      await point(context, inputs, targetOf(inputs));
    }
    return { id, outputs: record(context, inputs) };
  },

  async read(context, id, recorded) {
    const [subdomain, domain] = splitId(id, recorded);
    const existing = await context.directory.inEither("aliases", (list) => aliasIn(list, subdomain, domain));
    if (!existing) return undefined;
    const workspaceId = existing.workspaceId ?? recorded.workspaceId;
    const url = publicUrl(context.settings, subdomain, domain);
    const outputs = { ...recorded, subdomain, domain, url, workspaceId, account: context.settings.account };
    return { outputs, inputs: recordOf(urlAliasFields, outputs) };
  },

  async update(context, id, recorded, inputs) {
    const outputs = record(context, inputs);
    const changes = changesBetween(urlAliasFields, recorded, inputs);
    const existing = await findAlias(context, String(inputs.subdomain), String(inputs.domain), 0);
    if (!existing) {
      await keeping(
        context,
        id,
        () => ({ ...recorded, notReady: "it does not exist" }),
        () => point(context, inputs, targetOf(inputs)),
      );
    } else if (has(changes, "repoint") || existing.workspaceId !== inputs.workspaceId) {
      // The recorded port goes with the recorded target only.
      const old = existing.workspaceId === recorded.workspaceId ? targetOf(recorded) : targetOf(existing);
      await keeping(
        context,
        id,
        () => ({ ...recorded, notReady: "it could not be pointed to its target" }),
        () => repoint(context, inputs, old),
      );
    }
    return outputs;
  },

  async delete(context, id, recorded) {
    const [subdomain, domain] = splitId(id, recorded);
    const existing = await findAlias(context, subdomain, domain, 0);
    if (!existing) return;
    if (existing.workspaceId !== undefined && existing.workspaceId !== recorded.workspaceId) {
      context.say(
        `alias ${id} points to "${existing.workspaceId}" now, not to our "${String(recorded.workspaceId)}"; it was left alone`,
      );
      return;
    }
    await removeAlias(context, subdomain);
  },
};

function record(context: Context, inputs: Values): Values {
  return { ...recordOf(urlAliasFields, inputs), account: context.settings.account };
}

function targetOf(values: { workspaceId?: unknown; port?: unknown }): Target {
  return {
    workspaceId: String(values.workspaceId),
    ...(typeof values.port === "number" ? { port: values.port } : {}),
  };
}

function splitId(id: string, recorded: Values): [string, string] {
  const dot = id.indexOf(".");
  return [String(recorded.subdomain ?? id.slice(0, dot)), String(recorded.domain ?? id.slice(dot + 1))];
}

async function point(context: Context, inputs: Values, target: Target): Promise<void> {
  const { subdomain, domain } = inputs as { subdomain: string; domain: string };
  const outcome = await createAlias(context, { subdomain, domain, ...target });
  if (outcome.alias) return;
  const host = `${subdomain}.${domain}`;
  throw outcome.occupant
    ? errors.aliasPointsElsewhere(host, outcome.occupant.workspaceId ?? "an unknown target")
    : errors.aliasTaken(host);
}

/** There is no update (recorded): delete, create, and on failure create the old one again. */
async function repoint(context: Context, inputs: Values, old: Target): Promise<void> {
  const host = `${String(inputs.subdomain)}.${String(inputs.domain)}`;
  await removeAlias(context, String(inputs.subdomain));
  try {
    await point(context, inputs, targetOf(inputs));
  } catch (error) {
    const restored = await point(context, inputs, old).then(
      () => true,
      () => false, // the first failure is the one to tell
    );
    throw errors.aliasRepointFailed(host, error instanceof Error ? error.message : String(error), restored);
  }
}
