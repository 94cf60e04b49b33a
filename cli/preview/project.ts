import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Deployment } from "@pulumi/pulumi/automation";
import { isMap, parseDocument, stringify } from "yaml";
import * as errors from "./errors";

/** The stack file that previews are configured by: what is named, or `Pulumi.preview.yaml` if it is there. */
export function templateIn(folder: string, named: string | undefined): string | undefined {
  const file = named === undefined ? path.join(folder, "Pulumi.preview.yaml") : path.resolve(named);
  if (existsSync(file)) return file;
  if (named !== undefined) throw errors.templateMissing(file);
  return undefined;
}

/** The plain values below `mags:` in a stack file, without that prefix. */
export function magsConfiguration(template: string | undefined): Record<string, string> {
  if (template === undefined) return {};
  const { config } = (parsed(template) ?? {}) as { config?: Record<string, unknown> };
  const ours = Object.entries(config ?? {}).filter(([key]) => key.startsWith("mags:"));
  return Object.fromEntries(
    ours
      .filter(([, value]) => typeof value !== "object")
      .map(([key, value]) => [key.slice("mags:".length), String(value)]),
  );
}

/**
 * A stack file: the template, with what only this preview has, encrypted as the template says, else as its state is.
 */
export function stackFile(
  template: string | undefined,
  config: Record<string, string>,
  encryption: Record<string, string> = {},
): string {
  const document = parseDocument(template === undefined ? "{}" : readFileSync(template, "utf8"));
  if (document.errors.length > 0) throw errors.projectUnreadable(template!, document.errors[0]!.message);
  if (!document.has("encryptionsalt") && !document.has("secretsprovider"))
    for (const [key, value] of Object.entries(encryption)) document.set(key, value);
  // `config:` with nothing below it is none.
  const own = (document.toJS() as { config?: unknown } | null)?.config ?? undefined;
  if (own === undefined) document.delete("config");
  else if (!isMap(document.get("config"))) throw errors.projectUnreadable(template!, "its config is no map");
  for (const [key, value] of Object.entries(config)) document.setIn(["config", key], value);
  return document.toString();
}

/** How a state is encrypted, as a stack file says it. Without, any passphrase would do for a state with no secrets. */
export function encryptionOf(state: Partial<Deployment>): Record<string, string> {
  const { secrets_providers: provider } = (state.deployment ?? {}) as {
    secrets_providers?: { type?: string; state?: { salt?: string; url?: string; encryptedkey?: string } };
  };
  const { salt, url, encryptedkey } = provider?.state ?? {};
  if (provider?.type === "passphrase" && salt) return { encryptionsalt: salt };
  if (provider?.type === "cloud" && url && encryptedkey) return { secretsprovider: url, encryptedkey };
  return {};
}

function parsed(file: string): unknown {
  const document = parseDocument(readFileSync(file, "utf8"));
  if (document.errors.length > 0) throw errors.projectUnreadable(file, document.errors[0]!.message);
  return document.toJS();
}

/** A relative `file://` is meant from the folder of the project. */
export function absoluteBackend(url: string | undefined, folder: string): string | undefined {
  const place = /^file:\/\/(\.{1,2}(?:\/.*)?)$/.exec(url ?? "")?.[1];
  return place === undefined ? url : pathToFileURL(path.resolve(folder, place)).href;
}

/** A folder with the project's name and no program: what is asked of stacks needs no more, and neither has it to. */
export interface EmptyProject {
  folder: string;
  remove(): void;
}

export function emptyProject(name: string): EmptyProject {
  const folder = mkdtempSync(path.join(os.tmpdir(), "mags-preview-"));
  writeFileSync(path.join(folder, "Pulumi.yaml"), stringify({ name, runtime: "nodejs" }));
  // Resources are removed by the provider, which the engine looks for from here.
  const from = createRequire(__filename);
  for (const [library, place] of [
    ["pulumi-mags", packageFolder()],
    ["@pulumi/pulumi", path.dirname(from.resolve("@pulumi/pulumi/package.json"))],
  ] as const) {
    const link = path.join(folder, "node_modules", library);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(place, link, "junction");
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The folder of this package. */
function packageFolder(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, "package.json"))) return folder;
    if (folder === path.dirname(folder)) throw new Error("mags-iac is not part of a package");
  }
}

/** Where Node looks for what a program depends on, for providers that are no part of this package. */
export function modulesAround(folder: string): string[] {
  const paths = createRequire(path.join(path.resolve(folder), "index.js")).resolve.paths("anything") ?? [];
  return paths.filter((place) => existsSync(place));
}
