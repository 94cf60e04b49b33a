import { inShort, inUtc } from "../lib/time";
import type { PreviewRecord } from "./record";

/** What a comment can be recognized by, whatever else it says. Browsers show nothing of it. */
export function markerOf(project: string, stack: string): string {
  return `<!-- mags-iac preview ${project}/${stack} -->`;
}

export interface Told extends Partial<PreviewRecord> {
  state: "up" | "failed" | "removed";
  /** Whether a push makes it live longer. Without, nothing is said of that. */
  isRenewable?: boolean;
  /** Page of the run that did it. */
  run?: string;
}

/** What people read, in a comment and in the summary of a job. Nothing but what is named here gets into it. */
export function textOf(told: Told, now: number): string {
  const { state, url, sha, changes, created, expires, isRenewable, run } = told;
  const rows: [string, string | undefined][] = [
    ["URL", state === "removed" ? undefined : url && safeUrl(url)],
    ["Commit", sha && `\`${plain(sha).slice(0, 12)}\``],
    ["Changes", state === "removed" ? undefined : changes && plain(changes)],
    ["Age", created === undefined || state === "removed" ? undefined : inShort(now - created)],
    [
      "Expires",
      expires === undefined || state === "removed"
        ? undefined
        : `${inUtc(expires)}${isRenewable ? ", unless it is pushed to" : ""}`,
    ],
    ["Run", run && safeUrl(run)],
  ];
  const table = rows.flatMap(([name, value]) => (value ? [`| ${name} | ${value} |`] : []));
  return [HEADINGS[state], "", ...(table.length > 0 ? ["| | |", "| --- | --- |", ...table] : [])]
    .join("\n")
    .trim();
}

const HEADINGS = {
  up: "### Preview",
  failed:
    "### Preview: the last update failed\n\nWhat is there may be of an earlier commit. The run tells why.",
  removed: "### Preview: removed",
};

/** No table, link, mention or markup can come out of what programs say. */
function plain(text: string): string {
  return text.replace(/[^\w .,:+~/-]/g, "");
}

/** A link, or nothing: an output may be any text. Names and passwords in URLs are nobody's to see. */
function safeUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (!["http:", "https:"].includes(url.protocol) || url.username !== "" || url.password !== "")
    return undefined;
  const encoded = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return url.href.replace(/[|<>`@[\]()\s]/g, encoded);
}
