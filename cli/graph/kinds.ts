import { REF_KEY, type Json, type ManifestResource } from "../../constructs/manifest";
import { Schedule } from "../../constructs/values/schedule";
import type { KindName } from "../../provider/schema/fields";

/** How a kind of resource looks, and what is worth saying of one in a line. */
export interface KindLook {
  /** Colours in light and in dark. */
  readonly color: readonly [light: string, dark: string];
  /** A sign of 16 by 16, drawn in lines. */
  readonly icon: string;
  facts(properties: ManifestResource["properties"]): (string | undefined | false)[];
}

export const LOOKS: Record<KindName, KindLook> = {
  Workspace: {
    color: ["#b45309", "#fbbf24"],
    icon: "M2.5 4.5c0-1.1 2.5-2 5.5-2s5.5.9 5.5 2-2.5 2-5.5 2-5.5-.9-5.5-2zm0 0v7c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2v-7m-11 3.5c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2",
    facts: ({ baseWorkspaceId, deletionProtection }) => [
      baseWorkspaceId !== undefined && `fork of ${inWords(baseWorkspaceId)}`,
      deletionProtection === false && "not protected",
    ],
  },
  Job: {
    color: ["#1d4ed8", "#7cacf8"],
    icon: "M2.5 2.5h11v8h-11zM5.5 13.5h5M8 10.5v3M5 5l1.5 1.5L5 8m3 0h3",
    facts: ({ http, noSleep, workspaceId, vcpus, memoryMb, diskGb }) => [
      isMap(http) && http.port !== undefined && `port ${inWords(http.port)}`,
      noSleep === true && "no sleep",
      vcpus !== undefined && `${inWords(vcpus)} vCPU`,
      memoryMb !== undefined && `${memory(memoryMb)} memory`,
      diskGb !== undefined && `${inWords(diskGb)} GB disk`,
      workspaceId === undefined && "local disk",
    ],
  },
  UrlAlias: {
    color: ["#047857", "#4ade9f"],
    icon: "M6.5 9.5l3-3M7 4.5l1.2-1.2a3.1 3.1 0 0 1 4.4 4.4L11.5 9M9 11.5l-1.2 1.2a3.1 3.1 0 0 1-4.4-4.4L4.5 7",
    facts: ({ subdomain, domain, port }) => [
      subdomain === undefined
        ? "generated"
        : [subdomain, domain]
            .filter((part) => part !== undefined)
            .map(inWords)
            .join("."),
      port !== undefined && `port ${inWords(port)}`,
    ],
  },
  CronJob: {
    color: ["#7e22ce", "#cb9bf9"],
    icon: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM8 5v3.2l2.2 1.3",
    facts: ({ cronExpression, enabled }) => [
      enabled === false && "off",
      typeof cronExpression === "string"
        ? Schedule.expression(cronExpression).describe()
        : inWords(cronExpression ?? null),
    ],
  },
  Run: {
    color: ["#be185d", "#f48fb1"],
    icon: "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11zM6.5 5.5l4 2.5l-4 2.5z",
    facts: ({ jobName, workspaceId, files }) => [
      jobName !== undefined
        ? `inside ${inWords(jobName)}`
        : workspaceId === undefined && "in a VM of its own",
      isMap(files) && `${Object.keys(files).length} files`,
    ],
  },
};

function memory(mb: Json): string {
  return typeof mb === "number" && mb % 1024 === 0 ? `${mb / 1024} GB` : `${inWords(mb)} MB`;
}

/** A value on a line: a reference by its end, what is not known as that. */
function inWords(value: Json): string {
  if (!isMap(value)) return String(value);
  const reference = value[REF_KEY];
  if (typeof reference !== "string") return "(known when deployed)";
  return reference.slice(reference.lastIndexOf("/") + 1, reference.lastIndexOf("."));
}

function isMap(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
