import { accessSync, constants, readFileSync } from "node:fs";
import path from "node:path";
import type * as Yaml from "yaml";
import { cronJobFields } from "../../provider/schema/cron-job-fields";
import type { Field } from "../../provider/schema/fields";
import { environmentClash, nearest, problemsOfField } from "../../provider/schema/validation";
import * as errors from "../errors";
import { Script } from "../script";
import { Secret } from "../secret";
import type { CronSuiteEntry } from "./cron-suite";

interface Entry {
  readonly id: string;
  readonly entry: CronSuiteEntry;
  /** Nothing is wrong with it in itself. */
  readonly isSound: boolean;
  /** `file:line`. */
  readonly where: string;
}

interface Schedules {
  readonly entries: readonly Entry[];
  /** Each with file and line. */
  readonly problems: readonly string[];
}

/** What a schedule may have in a file, and the field that judges it. */
const PROPERTIES = {
  schedule: cronJobFields.cronExpression,
  script: cronJobFields.script,
  scriptFile: { type: { kind: "path" }, effect: "patch", description: "" },
  name: cronJobFields.name,
  workspace: cronJobFields.workspaceId,
  environment: cronJobFields.environment,
  secrets: { type: { kind: "list", of: { kind: "text" } }, effect: "patch", description: "" },
  persistent: cronJobFields.persistent,
  enabled: cronJobFields.enabled,
} satisfies Record<string, Field>;
const KNOWN = Object.keys(PROPERTIES);

/** Reads a table of schedules. Everything that is wrong with it is told at once. */
export function readSchedules(file: string): Schedules {
  const shown = path.relative(process.cwd(), file).split(path.sep).join("/");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { entries: [], problems: [errors.scheduleFileUnreadable(shown, code ?? String(error))] };
  }
  return new Reader(file, shown, text).read();
}

class Reader {
  private readonly yaml = require("yaml") as typeof Yaml;
  private readonly lines = new this.yaml.LineCounter();
  private readonly document: Yaml.Document.Parsed;
  private readonly problems: string[] = [];

  constructor(
    private readonly file: string,
    private readonly shown: string,
    text: string,
  ) {
    this.document = this.yaml.parseDocument(text, {
      lineCounter: this.lines,
      prettyErrors: false,
      // What is there twice is told with its name, and what else is wrong beside it.
      uniqueKeys: false,
    });
  }

  read(): Schedules {
    const { contents, errors: faults, warnings } = this.document;
    for (const { code, message, pos } of [...faults, ...warnings])
      this.problem(pos[0], code === "MULTIPLE_DOCS" ? errors.scheduleDocumentTwice() : `${message}.`);
    if (faults.some(({ code }) => code !== "MULTIPLE_DOCS")) return { entries: [], problems: this.problems };
    if (!this.yaml.isMap(contents) || contents.items.length === 0) {
      return { entries: [], problems: [errors.scheduleFileEmpty(this.shown)] };
    }
    const twice = this.keysThereBefore(contents);
    const entries = contents.items.flatMap((pair) => this.entry(pair, twice) ?? []);
    return { entries, problems: this.problems };
  }

  private entry({ key, value }: Yaml.Pair<unknown, unknown>, twice: ReadonlySet<unknown>): Entry | undefined {
    const offset = offsetOf(key);
    const before = this.problems.length;
    if (twice.has(key)) this.problem(offset, errors.scheduleKeyTwice(this.nameOf(key)));
    const id = this.yaml.isScalar(key) ? String(key.value) : "";
    if (id === "") this.problem(offset, errors.scheduleIdNotText());
    const map = this.resolved(value);
    if (!this.yaml.isMap(map)) {
      this.problem(offset, errors.scheduleNotMap(id));
      return undefined;
    }
    const values: Record<string, unknown> = {};
    this.tellTwice(map);
    for (const pair of map.items) this.property(pair, values);
    const entry = this.complete(id, values, offset);
    return { id, entry, isSound: this.problems.length === before, where: this.where(offset) };
  }

  private tellTwice(map: Yaml.YAMLMap): void {
    for (const key of this.keysThereBefore(map))
      this.problem(offsetOf(key), errors.scheduleKeyTwice(this.nameOf(key)));
  }

  /** Keys of a map that one before has said already. */
  private keysThereBefore(map: Yaml.YAMLMap): Set<unknown> {
    const seen = new Set<string>();
    const keys = map.items.map(({ key }) => key);
    return new Set(keys.filter((key) => seen.size === seen.add(this.nameOf(key)).size));
  }

  private nameOf(key: unknown): string {
    return String(this.yaml.isScalar(key) ? key.value : key);
  }

  private property({ key, value }: Yaml.Pair<unknown, unknown>, values: Record<string, unknown>): void {
    const name = this.yaml.isScalar(key) ? String(key.value) : "";
    const field: Field | undefined = Object.hasOwn(PROPERTIES, name)
      ? PROPERTIES[name as keyof typeof PROPERTIES]
      : undefined;
    if (!field) {
      this.problem(offsetOf(key), errors.scheduleUnknownProperty(name, nearest(name, KNOWN), KNOWN));
      return;
    }
    const node = this.resolved(value);
    const plain: unknown = this.yaml.isNode(node) ? node.toJS(this.document) : undefined;
    values[name] = plain;
    if (name === "secrets" && !Array.isArray(plain)) {
      this.problem(offsetOf(key), errors.scheduleSecretsInFile());
    } else if (field.type.kind === "map" && this.yaml.isMap(node)) {
      this.tellTwice(node);
      // Each on its own line.
      for (const inner of node.items) {
        const innerName = this.nameOf(inner.key);
        this.judge(
          name,
          field,
          { [innerName]: (plain as Record<string, unknown>)[innerName] },
          offsetOf(inner.key),
        );
      }
    } else this.judge(name, field, plain ?? null, offsetOf(key));
  }

  private judge(name: string, field: Field, value: unknown, offset: number): void {
    for (const { reason } of problemsOfField(name, field, value)) {
      this.problem(offset, `${reason}${isUnquoted(field, value) ? errors.scheduleTextUnquoted() : ""}`);
    }
  }

  /** What is left to be said of a schedule as a whole. */
  private complete(id: string, values: Record<string, unknown>, offset: number): CronSuiteEntry {
    const { schedule, script, scriptFile, secrets, ...rest } = values;
    if (schedule === undefined) this.problem(offset, errors.scheduleMissing(id, "schedule"));
    if (script === undefined && scriptFile === undefined) {
      this.problem(offset, errors.scheduleMissing(id, "script or scriptFile"));
    }
    if (script !== undefined && scriptFile !== undefined)
      this.problem(offset, errors.scheduleScriptTwice(id));
    const names = Array.isArray(secrets) ? secrets.map(String) : [];
    const fromEnvironment = Object.fromEntries(names.map((name) => [name, Secret.fromEnvironment(name)]));
    for (const { reason } of environmentClash({ environment: rest.environment, secrets: fromEnvironment })) {
      this.problem(offset, reason);
    }
    return {
      ...(rest as Partial<CronSuiteEntry>),
      schedule: String(schedule),
      script: typeof scriptFile === "string" ? this.scriptOf(scriptFile, offset) : String(script),
      ...(names.length > 0 ? { secrets: fromEnvironment } : {}),
    };
  }

  /** A script beside the table. */
  private scriptOf(scriptFile: string, offset: number): Script {
    const file = path.join(path.dirname(this.file), scriptFile);
    try {
      accessSync(file, constants.R_OK);
    } catch (error) {
      const { code = String(error) } = error as NodeJS.ErrnoException;
      this.problem(offset, errors.scheduleScriptUnreadable(scriptFile, code));
    }
    return Script.fromFile(file);
  }

  /** The node that an alias stands for. */
  private resolved(node: unknown): unknown {
    return this.yaml.isAlias(node) ? node.resolve(this.document) : node;
  }

  private problem(offset: number, message: string): void {
    this.problems.push(`${this.where(offset)}: ${message}`);
  }

  private where(offset: number): string {
    return `${this.shown}:${this.lines.linePos(offset).line}`;
  }
}

function offsetOf(node: unknown): number {
  return (node as { range?: readonly number[] | null } | null)?.range?.[0] ?? 0;
}

/** A number, or a word such as yes, where YAML would take a text in quotes. */
function isUnquoted(field: Field, value: unknown): boolean {
  const values =
    field.type.kind === "map" && typeof value === "object" && value !== null ? Object.values(value) : [value];
  const isText = field.type.kind === "text" || field.type.kind === "map";
  return isText && values.some((one) => typeof one === "number" || typeof one === "boolean");
}
