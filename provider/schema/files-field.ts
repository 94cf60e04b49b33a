import type { Effect, Field } from "./fields";

/** One file of `files`, after the constructor has found it: where it is on this machine, and what it holds. */
export interface HashedFile {
  path: string;
  sha256: string;
}

/** What unpacks folders uses these names itself (`provider/lifecycle/job-files.ts`). */
export const ARCHIVE_NAME = "mags-files.tar";
export const UNPACKED_NAME = ".mags-files";
export const SCRIPT_NAME = ".mags-script";

/** A name below `/uploads`: folders and a file, with slashes. */
export function isFileName(name: string): boolean {
  const parts = name.split("/");
  return (
    ![ARCHIVE_NAME, UNPACKED_NAME].includes(parts[0]!) &&
    !parts[0]!.startsWith(`${SCRIPT_NAME}-`) &&
    parts.every((part) => part !== "." && part !== ".." && part.length <= 255 && /^[^\\\p{Cc}]+$/u.test(part))
  );
}

/**
 * Of every kind that takes files: the constructor makes this of the paths that a program names.
 * @param effect what a change of their content does
 */
export function filesField(effect: Effect) {
  return {
    type: {
      kind: "map",
      keys: "file",
      of: {
        kind: "object",
        fields: {
          path: {
            type: { kind: "path" },
            required: true,
            effect: "local",
            compared: false,
            description: "Where the file is.",
          },
          sha256: { type: { kind: "text" }, required: true, effect, description: "What it holds." },
        },
      },
    },
    default: {},
    effect,
    description:
      "Files put under `/uploads` before the script runs, by name; with `/` at the end, all of a folder or a pattern. " +
      "Their content counts, not their times, permissions or place. At most 1000 files of 100 MB, 500 MB in all (assumed).",
  } satisfies Field;
}
