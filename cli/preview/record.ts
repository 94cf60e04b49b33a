import { stackOf } from "./pull-request";

/**
 * What is known of a preview without the pipeline that made it: tags of its stack, which every state backend keeps.
 * They are written before anything is made, and end with the stack.
 */
export interface PreviewRecord {
  /** Milliseconds since the epoch. */
  created: number;
  expires: number;
  sha?: string;
  url?: string;
  changes?: string;
  error?: string;
  seeded?: boolean;
  /** Ids of what its state knew by no name of ours: a down looks for them also when the state is empty by then. */
  ids?: string;
}

export type Tags = Readonly<Record<string, string>>;

/** Says whose preview a stack is. Also the value of `mags:preview` in its configuration. */
export const OWNER_TAG = "mags:preview";

const TAGS = {
  created: "mags:preview-created",
  expires: "mags:preview-expires",
  sha: "mags:preview-sha",
  url: "mags:preview-url",
  changes: "mags:preview-changes",
  error: "mags:preview-error",
  seeded: "mags:preview-seeded",
  ids: "mags:preview-ids",
} as const satisfies Record<keyof PreviewRecord, string>;

/** Longest value of a tag in Pulumi's own service. */
const ROOM = 256;

/** A pull request among those of all repositories. */
export function ownerOf(namespace: string, pullRequest: number): string {
  return `${namespace}#${pullRequest}`;
}

/**
 * Whether a stack is the preview of this pull request in this namespace: its name and its tag both have to say so.
 * Everything that removes something asks this first.
 */
export function isPreviewOf(stack: string, tags: Tags, namespace: string, pullRequest: number): boolean {
  return stack === stackOf(pullRequest) && tags[OWNER_TAG] === ownerOf(namespace, pullRequest);
}

export function tagsOf(record: Partial<PreviewRecord>): Record<string, string> {
  const { created, expires, seeded, ...texts } = record;
  const tags: Record<string, string> = {};
  if (created !== undefined) tags[TAGS.created] = new Date(created).toISOString();
  if (expires !== undefined) tags[TAGS.expires] = new Date(expires).toISOString();
  if (seeded !== undefined) tags[TAGS.seeded] = String(seeded);
  for (const [key, text] of Object.entries(texts))
    if (text !== undefined) tags[TAGS[key as keyof typeof texts]] = oneLine(text) || "-";
  // Half a URL leads elsewhere.
  if ((texts.url ?? "").length > ROOM) tags[TAGS.url] = "-";
  return tags;
}

/** What tags say. A time that somebody has spoilt counts as none, which is never the past. */
export function recordOf(tags: Tags): Partial<PreviewRecord> {
  const text = (key: keyof PreviewRecord) => {
    const value = tags[TAGS[key]];
    return value === undefined || value === "-" ? undefined : value;
  };
  const time = (key: "created" | "expires") => {
    const value = Date.parse(text(key) ?? "");
    return Number.isNaN(value) ? undefined : value;
  };
  return {
    created: time("created"),
    expires: time("expires"),
    sha: text("sha"),
    url: text("url"),
    changes: text("changes"),
    error: text("error"),
    seeded: text("seeded") === "true",
    ids: text("ids"),
  };
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > ROOM ? `${line.slice(0, ROOM - 1)}…` : line;
}
