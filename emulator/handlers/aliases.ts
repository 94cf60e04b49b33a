import { randomUUID } from "node:crypto";
import { urlOf } from "../cloud";
import { invalid, notFound } from "../errors";
import type { Alias } from "../model";
import { checkSubdomain, checkWorkspaceId } from "../names";
import { ALIAS_DOMAINS } from "../options";
import type { Call, Reply } from "./call";
import { requiredText, text, whole } from "./fields";

/** POST /mags-url-aliases */
export function createAlias(call: Call): Reply {
  const subdomain = checkSubdomain(requiredText(call.body, "subdomain"));
  const workspaceId = checkWorkspaceId(requiredText(call.body, "workspace_id"));
  const domain = text(call.body, "domain") ?? "apps.magpiecloud.com";
  if (!(ALIAS_DOMAINS as readonly string[]).includes(domain) && domain !== call.cloud.settings.domain) {
    throw invalid(`domain: ${JSON.stringify(domain.slice(0, 80))} is none of ${ALIAS_DOMAINS.join(", ")}`);
  }
  const { state } = call.cloud;
  if (state.alias(subdomain, domain) !== undefined) {
    throw call.fleet.conflicts.error(`URL alias ${subdomain}.${domain} already exists`, call);
  }
  const alias: Alias = {
    id: randomUUID(),
    account: call.account,
    subdomain,
    domain,
    workspaceId,
    // v1 ignores it (assumed).
    port: call.version === "v2" ? whole(call.body, "port", 1, 65_535) : undefined,
    createdAt: call.cloud.clock.now(),
    broken: false,
  };
  state.saveAlias(alias);
  return { status: 201, body: { id: alias.id, subdomain, url: urlOf(call.cloud, subdomain) } };
}

/** GET /mags-url-aliases */
export function listAliases(call: Call): Reply {
  const aliases = call.cloud.state.aliasesOf(call.account).map((alias) => ({
    id: alias.id,
    subdomain: alias.subdomain,
    workspace_id: alias.workspaceId,
    domain: alias.domain,
    url: urlOf(call.cloud, alias.subdomain),
  }));
  return { body: { aliases, total: aliases.length } };
}

/** DELETE /mags-url-aliases/{subdomain}: takes no domain, so it removes the subdomain on every domain. */
export function deleteAlias(call: Call): Reply {
  const subdomain = call.params.subdomain ?? "";
  const own = call.cloud.state.aliasesOf(call.account).filter((alias) => alias.subdomain === subdomain);
  if (own.length === 0) throw notFound("URL alias", subdomain);
  for (const alias of own) call.cloud.state.removeAlias(alias);
  return { status: 204 };
}
