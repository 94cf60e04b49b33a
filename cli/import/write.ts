import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Connection } from "../account/connect";
import * as errors from "../errors";
import { many, styled } from "../lib/output";
import { makeFolder } from "../lib/folders";
import { quoted } from "../lib/shell";
import { pulumiLine } from "../pulumi/line";
import { adoptable } from "./adoption";
import { constructsProgram } from "./constructs";
import { importFile } from "./import-file";
import { takeInventory, type Found, type LeftOut } from "./inventory";
import type { FrontEnd } from "./program";
import { resourcesProgram } from "./resources";
import { LISTED_KINDS, type ListedKind } from "../account/kinds";
import { selection } from "./select";

export interface ImportFlags {
  readonly as: FrontEnd;
  readonly only: readonly string[];
  readonly out: string;
  readonly force?: true;
  readonly stack?: string;
  readonly cwd?: string;
}

/** What came of an import. */
export interface ImportResult {
  readonly files: readonly string[];
  readonly resources: Readonly<Partial<Record<ListedKind, number>>>;
  readonly leftOut: readonly LeftOut[];
  /** What is in the program and may not be as it seems. */
  readonly notes: readonly string[];
  /** Jobs that have ended, and so are left aside. */
  readonly endedJobs: number;
  /** The commands that come next, in their order. */
  readonly next: readonly string[];
}

const PROGRAM_FILE = "index.ts";
const IMPORT_FILE = "import.json";

/** Writes the program for what is in an account, and the import file for that. */
export async function importAccount(flags: ImportFlags, connection: Connection): Promise<ImportResult> {
  const selected = selection(flags.only);
  const files = [PROGRAM_FILE, IMPORT_FILE].map((file) => path.join(flags.out, file));
  // Told before the account is walked.
  const present = files.filter((file) => existsSync(file));
  if (present.length > 0 && !flags.force) throw errors.wouldOverwrite(present);
  const inventory = await takeInventory(connection);
  const wanted = ({ kind, name }: { kind: ListedKind; name: string }) => selected(kind, name);
  const { adopted, leftOut } = adoptable(inventory.found.filter(wanted), connection.settings);
  if (adopted.length === 0) throw errors.nothingToImport(flags.only, inventory.found.length);
  const { text, entries } = (flags.as === "constructs" ? constructsProgram : resourcesProgram)(adopted);
  write(flags, files, [text, importFile(entries)]);
  const counts = LISTED_KINDS.map((kind) => [kind, adopted.filter((thing) => thing.kind === kind).length]);
  return {
    files,
    resources: Object.fromEntries(counts.filter(([, count]) => count !== 0)) as ImportResult["resources"],
    leftOut: [...inventory.leftOut.filter(wanted), ...leftOut],
    notes: adopted.flatMap((thing) => unlisted(thing, inventory.found)),
    endedJobs: inventory.endedJobs,
    next: nextSteps(flags),
  };
}

/** A schedule keeps the name of its workspace, whether there is one or not. */
function unlisted({ kind, name, shown }: Found, all: readonly Found[]): string[] {
  const { workspaceId } = shown;
  if (kind !== "CronJob" || typeof workspaceId !== "string") return [];
  if (all.some((one) => one.kind === "Workspace" && one.name === workspaceId)) return [];
  return [
    `CronJob ${JSON.stringify(name)} works on the workspace ${JSON.stringify(workspaceId)}, which Mags does not list: ` +
      `it may have been deleted, or not have been used yet. The program names it as it is, and declares no Workspace for it.`,
  ];
}

function write({ out, force }: ImportFlags, files: readonly string[], texts: readonly string[]): void {
  let file = out;
  try {
    makeFolder(out);
    // Never over something that came in between either.
    for (const [index, text] of texts.entries())
      writeFileSync((file = files[index]!), text, { flag: force ? "w" : "wx" });
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw code === "EEXIST" ? errors.wouldOverwrite([file]) : errors.fileUnwritable(file, code);
  }
}

function nextSteps({ out, stack, cwd }: ImportFlags): string[] {
  const file = path.relative(cwd ?? "", path.join(out, IMPORT_FILE)) || IMPORT_FILE;
  return [`import --file ${quoted(file)} --generate-code=false --protect=false`, "preview --diff", "up"].map(
    (words) => pulumiLine(words, { folder: cwd, stack }),
  );
}

/** The result for people. */
export function inWords({ files, resources, endedJobs, leftOut, next }: ImportResult): string {
  const counts = LISTED_KINDS.flatMap((kind) => {
    const count = resources[kind] ?? 0;
    return count === 0 ? [] : [many(count, ...WORDS[kind])];
  });
  const aside = [
    endedJobs > 0 && `${many(endedJobs, "job")} that ${endedJobs === 1 ? "has" : "have"} ended`,
    leftOut.length > 0 && `${leftOut.length} left out, as told above`,
  ].filter(Boolean);
  const steps: [string, string][] = [
    [
      `edit ${files[0]}`,
      "make it the program of the stack, add what Mags does not show, and look for secrets in scripts",
    ],
    [next[0]!, "into the state; nothing is called"],
    [next[1]!, `every resource shows "trusted", and nothing is replaced`],
    [next[2]!, "records it; from then on an edit is a change"],
  ];
  return [
    `${styled("bold", counts.join(", "))} written to ${files.join(" and ")}.`,
    ...(aside.length > 0 ? [`Left aside: ${aside.join("; ")}.`] : []),
    "",
    "Next:",
    ...steps.flatMap(([line, why], index) => [`  ${index + 1}. ${styled("cyan", line)}`, `     ${why}`]),
    "",
  ].join("\n");
}

const WORDS: Record<ListedKind, [string, string?]> = {
  Workspace: ["workspace"],
  Job: ["job"],
  UrlAlias: ["URL alias", "URL aliases"],
  CronJob: ["cron job"],
};
