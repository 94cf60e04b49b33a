import { publicUrl, type Settings } from "../api/settings";
import { UNKNOWN, type Values } from "./fields";
import type { Making, Schema } from "./schema";
import { urlAliasFields } from "./url-alias-fields";

export const urlAliasSchema: Schema = {
  name: "UrlAlias",
  fields: urlAliasFields,
  nameField: "subdomain",
  nameMaxLength: 63,
  timeouts: { create: 180, update: 300, delete: 180 },

  derive(inputs: Values, settings?: Settings, making?: Making): Values {
    const domain = inputs.domain ?? settings?.domain ?? UNKNOWN;
    const known = settings && inputs.subdomain !== UNKNOWN && domain !== UNKNOWN;
    return {
      ...inputs,
      domain,
      workspaceGeneration: making?.workspace,
      url: known ? publicUrl(settings, String(inputs.subdomain), String(domain)) : UNKNOWN,
    };
  },

  problems: () => [],

  needsRepair: (recorded) => recorded.notReady !== undefined,
};
