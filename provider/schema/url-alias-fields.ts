import { commonFields, workspaceGeneration, type FieldTable } from "./fields";

export const urlAliasFields = {
  subdomain: {
    type: { kind: "label" },
    effect: "replace",
    description: "First part of the host name. Generated from stack and logical name when absent.",
  },
  domain: {
    type: { kind: "domain" },
    effect: "replace",
    description:
      "Domain of the alias. Default: `mags:domain`, else `apps.magpiecloud.com` (`localhost` on a local endpoint).",
  },
  workspaceId: {
    type: { kind: "name", maxLength: 63 },
    required: true,
    effect: "repoint",
    description: "Workspace whose active job answers.",
  },
  // With a workspace goes what its aliases rely on (observed), so one made anew needs them made again.
  workspaceGeneration: { ...workspaceGeneration, effect: "repoint", onRemove: "local" },
  port: {
    type: { kind: "integer", min: 1, max: 65_535 },
    effect: "repoint",
    description: "Port of the job behind the alias. Needs v2 of the API, which is then used (observed).",
  },
  url: {
    type: { kind: "text" },
    derived: true,
    effect: "local",
    description: "The public URL.",
  },
  ...commonFields,
} satisfies FieldTable;
