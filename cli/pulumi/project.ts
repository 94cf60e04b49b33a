import { readFileSync } from "node:fs";
import path from "node:path";
import type * as Yaml from "yaml";
import * as errors from "../errors";
import { askPulumi } from "./run";

/** A project of Pulumi, found without Pulumi. */
export interface Project {
  readonly name: string;
  readonly file: string;
  readonly folder: string;
  /** The folder with the configuration of its stacks. */
  readonly configFolder: string;
  /** URL of the state backend, if it names one; a relative one is meant from its folder. */
  readonly backend?: string;
}

/** One of the stacks of a project. */
export interface StackName {
  /** As `pulumi stack ls` has it, and as it is asked for. */
  readonly name: string;
  /** What a generated name is made from. */
  readonly organization: string;
  readonly stack: string;
  /** Whether it is the one that is selected. */
  readonly current: boolean;
  /** Whether Pulumi's service knows of an update that is going on; other backends tell nothing. */
  readonly updateInProgress: boolean;
}

interface Listed {
  name: string;
  current?: boolean;
  updateInProgress?: boolean;
  url?: string;
}

const FILES = ["Pulumi.yaml", "Pulumi.yml"];
/** What backends without organizations call theirs. */
export const NO_ORGANIZATION = "organization";

/** The project of a folder, or of one around it; undefined where there is none. */
export function projectAt(folder = "."): Project | undefined {
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    const project = projectIn(place);
    if (project !== undefined || place === path.dirname(place)) return project;
  }
}

/** The project of this very folder; undefined where there is none. */
export function projectIn(folder: string): Project | undefined {
  for (const file of FILES.map((name) => path.join(path.resolve(folder), name))) {
    const text = read(file);
    if (text !== undefined) return understood(file, text);
  }
  return undefined;
}

/** The stacks that a project has in its backend. */
export async function stacksOf(folder: string | undefined, signal?: AbortSignal): Promise<StackName[]> {
  const all = JSON.parse(await askPulumi(["stack", "ls", "--json"], { folder }, signal)) as Listed[];
  return all.map(({ name, url, current = false, updateInProgress = false }) => {
    const parts = name.split("/");
    // A backend with organizations leaves ours out of the name, but not out of the address.
    const [, inUrl] = /^https?:\/\/[^/]+\/([^/]+)\/[^/]+\/[^/]+/.exec(url ?? "") ?? [];
    const organization = parts.length > 1 ? parts[0]! : (inUrl ?? NO_ORGANIZATION);
    return { name, organization, stack: parts.at(-1)!, current, updateInProgress };
  });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw errors.fileUnreadable(file, code);
  }
}

function understood(file: string, text: string): Project {
  const { parse } = require("yaml") as typeof Yaml;
  let content: { name?: unknown; stackConfigDir?: unknown; backend?: { url?: unknown } | null } | null;
  try {
    content = parse(text) as typeof content;
  } catch (error) {
    throw errors.projectUnreadable(file, (error as Error).message.split("\n")[0]!.replace(/:$/, ""));
  }
  if (typeof content?.name !== "string") throw errors.projectUnreadable(file, "it has no name");
  const { name, stackConfigDir, backend } = content;
  const place = typeof stackConfigDir === "string" ? stackConfigDir : ".";
  const folder = path.dirname(file);
  return {
    name,
    file,
    folder,
    configFolder: path.resolve(folder, place),
    ...(typeof backend?.url === "string" ? { backend: backend.url } : {}),
  };
}
