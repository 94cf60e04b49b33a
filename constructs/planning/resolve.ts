import { Construct } from "constructs";
import {
  UNKNOWN,
  type Field,
  type FieldTable,
  type FieldType,
  type Values,
} from "../../provider/schema/fields";
import { SCHEMAS } from "../../provider/schema/schemas";
import { isPlainObject } from "../containers";
import * as errors from "../errors";
import { isOutput } from "../inputs";
import { Interpolation, joined } from "../interpolation";
import { Lazy } from "../lazy";
import { hasNotYet } from "../not-yet";
import { wordFor } from "../property-words";
import { Reference } from "../reference";
import { RemovalPolicy } from "../removal-policy";
import type { MagsResource } from "../resource";
import { Script } from "../script";
import { Secret } from "../secret";
import type { Duration } from "../values/duration";
import { Schedule } from "../values/schedule";
import type { Size } from "../values/size";
import { inUnit, isMeasure } from "../values/units";
import { overridden } from "./overrides";
import { messageOf, type Problems } from "./problems";

/** Deeper than any value: it holds itself, or a lazy value produces itself. */
const MAX_DEPTH = 64;

/** The properties of a resource as the plan has them: nothing lazy, no units, each object new and frozen. */
export interface Resolved {
  readonly inputs: Readonly<Values>;
  /** Every reference among them, with the property that it stands in. */
  readonly references: readonly { readonly property: string; readonly reference: Reference }[];
  /** Whether they hold references, Outputs or secrets at all. */
  readonly symbolic: boolean;
}

/** Resolves the properties of a resource by the field table of its kind. */
export function resolve(resource: MagsResource, problems: Problems): Resolved {
  return new Resolver(resource, problems).resolve();
}

class Resolver {
  private readonly references: { property: string; reference: Reference }[] = [];
  private symbolic = false;
  /** How much was found to be wrong. */
  private found = 0;

  constructor(
    private readonly resource: MagsResource,
    private readonly problems: Problems,
  ) {}

  resolve(): Resolved {
    const { fields } = SCHEMAS[this.resource.kind];
    const properties = this.withRemovalPolicy(fields, overridden(this.resource, this.problems));
    const inputs: Values = {};
    for (const name of Object.keys(properties).sort()) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      const value = this.value(properties[name], field, wordFor(this.resource, name), 0);
      if (value !== undefined) inputs[name] = value;
    }
    const { references, symbolic } = this;
    return { inputs: Object.freeze(inputs), references, symbolic };
  }

  /** A kind that can be protected is not, once it may be destroyed with its construct. */
  private withRemovalPolicy(fields: FieldTable, properties: Values): Values {
    const { removalPolicy } = this.resource;
    // Plain JavaScript may say anything, and what it means is whether files are kept.
    if (removalPolicy !== undefined && !Object.values(RemovalPolicy).includes(removalPolicy))
      this.problem(errors.noSuchRemovalPolicy(JSON.stringify(removalPolicy), Object.keys(RemovalPolicy)));
    if (removalPolicy !== RemovalPolicy.DESTROY || !fields.deletionProtection) return properties;
    if (properties.deletionProtection === true) this.problem(errors.protectedButDestroyed());
    return { ...properties, deletionProtection: false };
  }

  /** `at` is the place of the value, in words that a reader finds again: `http.port`. */
  private value(value: unknown, field: Field | undefined, at: string, depth: number): unknown {
    switch (typeof value) {
      case "undefined":
      case "boolean":
        return value;
      case "string":
        return hasNotYet(value) ? this.wrong(errors.madeText(at)) : value;
      case "number":
        if (!Number.isFinite(value)) this.problem(errors.notJson(at, String(value)));
        return value;
      case "object":
        return value === null ? null : this.object(value, field, at, depth);
      default:
        return value === UNKNOWN ? value : this.wrong(errors.notJson(at, `a ${typeof value}`));
    }
  }

  private object(value: object, field: Field | undefined, at: string, depth: number): unknown {
    // Asked first, since an Output answers to every question.
    if (isOutput(value)) return this.symbol(value, field, at);
    if (depth > MAX_DEPTH) return this.wrong(errors.endlessValue(at.split(".")[0]!));
    if (Reference.isReference(value)) {
      this.references.push({ property: at, reference: value });
      return this.symbol(value, field, at);
    }
    if (Secret.isSecret(value)) return this.symbol(value, field, at);
    if (Interpolation.isInterpolation(value)) return this.interpolation(value, field, at, depth);
    if (Lazy.isLazy(value)) {
      const produced = this.attempt(at, () => value.produce());
      return this.value(produced, field, at, depth + 1);
    }
    if (Script.isScript(value)) {
      const text = this.attempt(at, () => value.text());
      if (text === undefined || text === null) return this.wrong(errors.scriptNotText(at, String(text)));
      return this.value(text, field, at, depth + 1);
    }
    if (Schedule.isSchedule(value)) return this.attempt(at, () => value.expressionString);
    if (isMeasure(value)) return this.measure(value, field, at);
    if (Array.isArray(value)) {
      const of = elementOf(field);
      return Object.freeze(
        value.map((item, index) => this.value(item, of, `${at}.${index}`, depth + 1) ?? null),
      );
    }
    if (isPlainObject(value)) return this.map(value, field, at, depth);
    const message = Construct.isConstruct(value)
      ? errors.constructAsValue(at)
      : errors.notJson(at, classOf(value));
    return this.wrong(message);
  }

  /** A plain text where all parts are known; else with as few parts as can be. */
  private interpolation(
    { parts }: Interpolation,
    field: Field | undefined,
    at: string,
    depth: number,
  ): unknown {
    const resolved: unknown[] = [];
    for (const part of parts) {
      // A lazy part may be left out; one that is missing from the start was mostly meant to be there.
      if (part === undefined || part === null) return this.wrong(errors.partMissing(at, String(part)));
      const value = this.value(part, undefined, at, depth + 1);
      if (value === UNKNOWN) return UNKNOWN;
      const isOther = typeof value === "object" && value !== null && !standsForValue(value);
      if (isOther && !Interpolation.isInterpolation(value)) return this.wrong(errors.notText(at));
      resolved.push(value);
    }
    const text = joined(resolved);
    return typeof text === "string" ? text : this.symbol(text, field, at);
  }

  private map(value: Values, field: Field | undefined, at: string, depth: number): Readonly<Values> {
    const type = field?.type;
    const of = elementOf(field);
    const map: Values = {};
    const before = this.found;
    for (const key of Object.keys(value).sort()) {
      const place = `${at}.${key}`;
      if (key === "__proto__") this.problem(errors.keyReserved(place));
      const inner = type?.kind === "object" && Object.hasOwn(type.fields, key) ? type.fields[key] : of;
      const item = this.value(value[key], inner, place, depth + 1);
      if (item !== undefined) map[key] = item;
    }
    if (isFileMap(type) && this.found === before) {
      // Loaded for those who have files, with the library that finds them.
      const { filesOf } = require("./files") as typeof import("./files");
      return filesOf(map, (message) => this.problem(message));
    }
    return Object.freeze(map);
  }

  /** Something that stands for a value. Where the plan itself has to know it, it cannot stand. */
  private symbol(value: object, field: Field | undefined, at: string): object {
    this.symbolic = true;
    if (field?.known) {
      const what = Reference.isReference(value)
        ? "a reference"
        : Secret.isSecret(value)
          ? "a secret"
          : "an Output";
      this.problem(errors.valueNotKnown(at, what));
    }
    return value;
  }

  private measure(value: Duration | Size, field: Field | undefined, at: string): unknown {
    return this.attempt(
      at,
      () => inUnit(value, field?.unit) ?? this.wrong(errors.noMeasure(at, String(value))),
    );
  }

  private attempt(at: string, work: () => unknown): unknown {
    try {
      return work();
    } catch (error) {
      return this.wrong(`${at}: ${messageOf(error)}`);
    }
  }

  /** In place of what is wrong: nothing more is to be said of it. */
  private wrong(message: string): typeof UNKNOWN {
    this.problem(message);
    return UNKNOWN;
  }

  private problem(message: string): void {
    this.found++;
    this.problems.add(this.resource, message);
  }
}

/** What the table says of the elements of a value. */
function elementOf(field: Field | undefined): Field | undefined {
  const type = field?.type;
  if (isFileMap(type)) return FILE_SOURCE;
  if (type?.kind === "any") return field;
  return type?.kind === "map" || type?.kind === "list"
    ? { type: type.of, effect: "local", description: "" }
    : undefined;
}

/** What a file holds has to be known when the plan is made, so where it is has to be, too. */
const FILE_SOURCE: Field = { type: { kind: "any" }, effect: "local", known: true, description: "" };

function standsForValue(value: object): boolean {
  return isOutput(value) || Reference.isReference(value) || Secret.isSecret(value);
}

function isFileMap(type: FieldType | undefined): boolean {
  return type?.kind === "map" && type.keys === "file";
}

function classOf(value: object): string {
  const { name } = value.constructor;
  return `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name || "class instance"}`;
}
