import os from "node:os";
import { fileURLToPath } from "node:url";

/** The folder that a state backend is; undefined for every other kind. */
export function folderOfBackend(url: string): string | undefined {
  if (!url.startsWith("file://")) return undefined;
  return fileURLToPath(url.replace(/^file:\/\/~/, `file://${process.env.HOME ?? os.homedir()}`));
}

/** Whether it is Pulumi's service, or one like it: it has organizations, and tells of locks. */
export function isService(url: string): boolean {
  return /^https?:/.test(url);
}
