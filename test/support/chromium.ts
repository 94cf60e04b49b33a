import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { flags, names } from "../../scripts/lib/chromium.json";

/** How a headless Chromium is started: it asks for nothing outside this machine. */
export const CHROMIUM_FLAGS: readonly string[] = flags;

/** Path of an installed Chromium; undefined if there is none on PATH. */
export function findChromium(path = process.env.PATH ?? ""): string | undefined {
  const places = path.split(delimiter).filter((place) => place !== "");
  return names.flatMap((name) => places.map((place) => join(place, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // Not there, or not for us: the next place is looked at.
  }
}
