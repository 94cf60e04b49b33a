import { readFileSync } from "node:fs";
import path from "node:path";

export interface PackageDescription {
  version: string;
  peerDependencies?: Record<string, string>;
}

/** The package of whose folder a file is part, compiled or not. */
export function packageAround(start: string): PackageDescription {
  for (let folder = start; ; folder = path.dirname(folder)) {
    const file = path.join(folder, "package.json");
    try {
      return JSON.parse(readFileSync(file, "utf8")) as PackageDescription;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}
