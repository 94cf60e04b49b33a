import {
  JOIN_KEY,
  OUTPUT_KEY,
  REF_KEY,
  SECRET_KEY,
  type Json,
  type Manifest,
} from "../../constructs/manifest";
import { referencesIn } from "../../constructs/references-of";
import { resolveSettings } from "../../provider/api/settings";
import { UNKNOWN, type KindName, type Values } from "../../provider/schema/fields";
import { OUTPUTS } from "../../provider/schema/outputs";
import { check } from "../../provider/schema/plan";
import { SANDBOX_NAME_LENGTH } from "../../provider/schema/sandbox";
import { SCHEMAS } from "../../provider/schema/schemas";
import { ANEW_KEY, mapJson, ownKey } from "./json";

/** The defaults: a manifest says nothing of the account that it is for. */
const SETTINGS = resolveSettings(() => undefined, {});

/**
 * What is deployed, and what of it a deploy makes or starts anew, as far as that is known: of all that a resource refers
 * to before the resource itself is looked at.
 */
export interface Deployed {
  readonly recorded: Known;
  /** Whether what stands at a path before and after is one resource for Pulumi. */
  readonly isKept: (path: string) => boolean;
  /** Paths of what is replaced. */
  readonly replaced: ReadonlySet<string>;
  /** Paths of what gets another VM, or runs once more. */
  readonly restarted: ReadonlySet<string>;
}

/**
 * One manifest as the provider would check it: names that it would generate stand for themselves, references are
 * followed to what they come to, and what no manifest shows is unknown.
 */
export class Known {
  private readonly asUpdated = new Map<string, Values>();
  private readonly asMade = new Map<string, Values>();

  constructor(
    readonly manifest: Manifest,
    /** Where this is to be deployed over something: generated names stay, but for what is replaced. */
    private readonly deployed?: Deployed,
    /** By path, that under which a name was generated, where it is another one. */
    private readonly formerly: ReadonlyMap<string, string> = new Map(),
  ) {}

  /** The checked inputs of a resource, as they are compared with what is recorded of it. */
  inputsOf(path: string): Values {
    return this.checked(this.asUpdated, path, this.recordedOf(path));
  }

  /** The checked inputs of a resource, as those see them that refer to it: what is replaced is checked once more. */
  inputsOnceThere(path: string): Values {
    return this.isReplaced(path) ? this.checked(this.asMade, path, {}) : this.inputsOf(path);
  }

  /** Whether a resource is replaced. */
  isReplaced(path: string): boolean {
    return this.deployed?.replaced.has(path) ?? false;
  }

  /** Whether it is replaced, or another one stands in its place. */
  isMadeAnew(path: string): boolean {
    const { deployed } = this;
    if (!deployed || this.isReplaced(path)) return this.isReplaced(path);
    return path in deployed.recorded.manifest.resources && !deployed.isKept(path);
  }

  /** A property with its references followed, as far as they can be, and all else as the manifest shows it. */
  followed(value: Json | undefined): Json | undefined {
    return mapJson(value, (reference) => {
      const known = this.attribute(reference);
      if (known !== UNKNOWN) return known as Json;
      return { [REF_KEY]: reference, ...(this.isAnother(reference) ? { [ANEW_KEY]: true } : {}) };
    });
  }

  /** The resources that a property of another has its value from. */
  sourcesOf(path: string, property: string): Set<string> {
    const found = new Set<string>();
    const visited = new Set<string>();
    const visit = (at: string, name: string) => {
      if (visited.has(`${at}.${name}`)) return;
      visited.add(`${at}.${name}`);
      for (const { target, attribute } of referencesIn(this.manifest.resources[at]?.properties[name])) {
        const kind = this.manifest.resources[target]?.kind;
        // An attribute that is no output is what the program gave, which may come from elsewhere.
        if (kind !== undefined && attribute in SCHEMAS[kind].fields && !OUTPUTS[kind][attribute]?.preview)
          visit(target, attribute);
        else found.add(target);
      }
    };
    visit(path, property);
    return found;
  }

  /** The resources whose making anew is one of the workspace that a resource is on. */
  workspaceSourcesOf(path: string): string[] {
    const { kind, properties } = this.manifest.resources[path]!;
    const property = WORKSPACE_PROPERTIES[kind].find((one) => properties[one] !== undefined);
    if (property === undefined) return [];
    return [...this.sourcesOf(path, property)].filter((source) =>
      ["Workspace", "Job"].includes(this.manifest.resources[source]?.kind ?? ""),
    );
  }

  private checked(known: Map<string, Values>, path: string, recorded: Values): Values {
    const there = known.get(path);
    if (there) return there;
    // Until it is known: what a manifest that was merged by hand may refer to in a circle.
    known.set(path, {});
    const { kind, namedAs, properties, types = "" } = this.manifest.resources[path]!;
    const origin = {
      organization: "",
      project: "",
      stack: "",
      // The parts of a sandbox have one name.
      ...(namedAs === undefined
        ? { typeChain: `${types}/${kind}`, logicalName: this.formerly.get(path) ?? path }
        : { typeChain: types, logicalName: namedAs, maxLength: SANDBOX_NAME_LENGTH }),
      run: this.deployed ? "this deploy" : "an earlier deploy",
      workspaceGeneration: this.generationOf(path),
    };
    const { inputs } = check(SCHEMAS[kind], SETTINGS, recorded, this.plain(properties) as Values, origin);
    known.set(path, inputs);
    return inputs;
  }

  private generationOf(path: string): string | undefined {
    const generations = this.workspaceSourcesOf(path).map(
      (source) => this.inputsOnceThere(source).workspaceGeneration as string | undefined,
    );
    return generations.filter(Boolean).join(" ") || undefined;
  }

  private recordedOf(path: string): Values {
    const { deployed } = this;
    return deployed?.isKept(path) ? deployed.recorded.inputsOf(path) : {};
  }

  /** The value of a property as validation takes it. */
  private plain(value: Json): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.plain(item as Json));
    const map = value as { readonly [key: string]: Json };
    const reference = map[REF_KEY];
    if (typeof reference === "string") return this.attribute(reference);
    if (OUTPUT_KEY in map || SECRET_KEY in map) return UNKNOWN;
    const join = map[JOIN_KEY];
    if (Array.isArray(join)) {
      const parts = join.map((part: Json) => this.plain(part));
      return parts.includes(UNKNOWN) ? UNKNOWN : parts.join("");
    }
    return Object.fromEntries(Object.entries(map).map(([key, inner]) => [ownKey(key), this.plain(inner)]));
  }

  /** What a reference comes to, if the inputs of its target say. */
  private attribute(reference: string): unknown {
    const [path, attribute] = partsOf(reference);
    if (!this.manifest.resources[path]) return UNKNOWN;
    const inputs = this.inputsOnceThere(path);
    const value = attribute === "id" ? idOf(this.manifest.resources[path].kind, inputs) : inputs[attribute];
    return ["string", "number", "boolean"].includes(typeof value) ? value : UNKNOWN;
  }

  /** Whether an attribute, which nobody knows before it is there, is another one after the deploy. */
  private isAnother(reference: string): boolean {
    const [path, attribute] = partsOf(reference);
    const kind = this.manifest.resources[path]?.kind;
    if (kind === undefined || !this.deployed) return false;
    if (this.isMadeAnew(path)) return attribute === "id" || !!OUTPUTS[kind][attribute]?.renewed;
    return this.deployed.restarted.has(path) && !!OUTPUTS[kind][attribute]?.renewed;
  }
}

/** Which property names the workspace that a resource has to follow when it is made anew: the first that is given. */
const WORKSPACE_PROPERTIES: Record<KindName, readonly string[]> = {
  Workspace: [],
  Job: ["workspaceId"],
  UrlAlias: ["workspaceId"],
  CronJob: [],
  Run: ["jobName", "workspaceId"],
};

function partsOf(reference: string): [path: string, attribute: string] {
  // No attribute has a dot in its name; a construct may.
  const dot = reference.lastIndexOf(".");
  return [reference.slice(0, dot), reference.slice(dot + 1)];
}

/** What Pulumi knows a resource by, where its inputs say: the API gives a schedule its id. */
function idOf(kind: KindName, inputs: Values): unknown {
  if (kind === "CronJob") return undefined;
  if (kind !== "UrlAlias") return inputs.name;
  const { subdomain, domain } = inputs;
  return typeof subdomain === "string" && typeof domain === "string" ? `${subdomain}.${domain}` : undefined;
}
