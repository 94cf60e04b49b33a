import type { KindName, Values } from "../../provider/schema/fields";
import { SCHEMAS } from "../../provider/schema/schemas";
import { kindOfToken } from "../../provider/schema/tokens";
import { oursOf, type Configuration } from "../account/config";
import * as errors from "../errors";
import { askPulumi, type StackPlace } from "../pulumi/run";
import { propertiesOf, type Properties } from "./values";

/** What the state of a stack has, as far as it is ours. */
export interface StackState {
  readonly resources: readonly StateResource[];
  /** Also what is not of Mags, and what a program only reads; providers and the stack itself are left out. */
  readonly everything: readonly StatePart[];
  /** Whether there is nothing in it at all, not even a provider or the stack itself. */
  readonly isEmpty: boolean;
  /** What the stack's own provider was configured with, as far as it is there. */
  readonly configuration: Values;
  /** What a run that was interrupted has left half done: `creating` and the URN, for example. */
  readonly pending: readonly { readonly type: string; readonly urn: string }[];
}

/** One resource of a stack, whoever provides it. */
export interface StatePart {
  readonly urn: string;
  readonly name: string;
  readonly protect: boolean;
  /** Only read: somebody else's. */
  readonly external: boolean;
  readonly initErrors: readonly string[];
}

/** One Mags resource of a stack. */
export interface StateResource {
  readonly urn: string;
  /** As the program calls it. */
  readonly name: string;
  readonly kind: KindName;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly protect: boolean;
  /** What went wrong when it was last made or changed. */
  readonly initErrors: readonly string[];
  /** Already replaced, and only still to be deleted. */
  readonly toBeDeleted: boolean;
  /** What its explicit provider was given; undefined for the one that the stack configures. */
  readonly configuration?: Configuration;
}

/** A state as an export has it. */
export interface Exported {
  deployment?: Deployment | null;
}

interface Deployment {
  resources?: RawResource[];
  pending_operations?: { type: string; resource?: { urn?: string } }[] | null;
}

interface RawResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Values;
  outputs?: Values;
  provider?: string;
  protect?: boolean;
  initErrors?: string[];
  delete?: boolean;
  external?: boolean;
}

const PROVIDER_TYPE = "pulumi:providers:pulumi-nodejs";

/**
 * Reads the state of a stack as `pulumi stack export` shows it: without a lock, and without writing. Secrets are
 * decrypted only where something of them has to be known.
 */
export async function readState(place: StackPlace): Promise<StackState> {
  const state = parseState(await askPulumi(["stack", "export"], place));
  if (!needsSecrets(state)) return state;
  return parseState(await askPulumi(["stack", "export", "--show-secrets"], place));
}

/** The state that an export is. */
export function parseState(exported: string): StackState {
  try {
    return stateIn(JSON.parse(exported) as Exported);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw errors.stateUnreadable(error.message);
  }
}

/** The same, of one that has been parsed. */
export function stateIn(exported: Exported): StackState {
  const deployment = exported.deployment ?? {};
  const raw = deployment.resources ?? [];
  const providers = new Map(
    raw
      .filter(({ type }) => type === PROVIDER_TYPE)
      .map((provider) => [`${provider.urn}::${provider.id ?? ""}`, provider]),
  );
  const resources = raw.flatMap((resource): StateResource[] => {
    const kind = kindOfToken(resource.type);
    // What a program only reads is not of the stack.
    if (kind === undefined || resource.external) return [];
    const configuration = configurationFrom(providers.get(resource.provider ?? ""));
    return [
      {
        urn: resource.urn,
        name: resource.urn.split("::").at(-1)!,
        kind,
        id: resource.id ?? "",
        inputs: propertiesOf(resource.inputs),
        outputs: propertiesOf(resource.outputs),
        protect: resource.protect === true,
        initErrors: resource.initErrors ?? [],
        toBeDeleted: resource.delete === true,
        ...(configuration ? { configuration } : {}),
      },
    ];
  });
  const pending = (deployment.pending_operations ?? []).map(({ type, resource }) => ({
    type,
    urn: resource?.urn ?? "",
  }));
  const everything = raw
    .filter(({ type }) => type !== "pulumi:pulumi:Stack" && !type.startsWith("pulumi:providers:"))
    .map(({ urn, protect = false, external = false, initErrors = [] }) => ({
      urn,
      name: urn.split("::").at(-1)!,
      protect,
      external,
      initErrors,
    }));
  const own = [...providers.values()].find(isDefault);
  return {
    resources,
    everything,
    isEmpty: raw.length === 0 && pending.length === 0,
    configuration: own ? configuredBy(own) : {},
    pending,
  };
}

/** An explicit provider stands in the place of the stack's configuration; the default one has a copy of that. */
function configurationFrom(provider: RawResource | undefined): Configuration | undefined {
  return !provider || isDefault(provider) ? undefined : (configuredBy(provider) as Configuration);
}

function isDefault({ urn }: RawResource): boolean {
  return /::default(_[\w-]+)?$/.test(urn);
}

function configuredBy(provider: RawResource): Values {
  const { values } = propertiesOf(provider.inputs);
  return Object.fromEntries(oursOf(values)) as Configuration;
}

/**
 * Whether something is encrypted that a resource is found by or compared in. The API shows neither what is secret by
 * its nature nor what is kept as a digest, and a run is only remembered.
 */
function needsSecrets({ resources }: StackState): boolean {
  return resources.some(({ kind, outputs, configuration }) => {
    const { fields } = SCHEMAS[kind];
    const needed = [...outputs.encrypted].filter(
      (name) => kind !== "Run" && !fields[name]?.secret && !fields[name]?.digest,
    );
    const token = configuration?.apiToken;
    return needed.length > 0 || (token !== undefined && typeof token !== "string");
  });
}
