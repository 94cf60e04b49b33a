import { readFileSync } from "node:fs";
import * as errors from "./errors";

const MARK = Symbol.for("pulumi-mags.Script");

/**
 * A shell script.
 *
 * @example
 * ```ts
 * new Job(this, "web", { script: Script.fromFile("scripts/serve.sh") });
 * ```
 */
export class Script {
  static isScript(value: unknown): value is Script {
    return typeof value === "object" && value !== null && Object.hasOwn(value, MARK);
  }

  static inline(text: string): Script {
    return new Script(() => text);
  }

  /**
   * A file, read when the plan is made: its content stands in the manifest, so that a change of the file is a
   * change that is reviewed.
   * @param path relative to the folder that the program runs in
   */
  static fromFile(path: string): Script {
    return new Script(() => {
      try {
        return readFileSync(path, "utf8");
      } catch (error) {
        throw errors.scriptUnreadable(path, (error as NodeJS.ErrnoException).code ?? String(error));
      }
    });
  }

  /** The text. @throws when its file cannot be read */
  readonly text: () => string;

  private constructor(text: () => string) {
    this.text = text;
    Object.defineProperty(this, MARK, { value: true });
  }
}
