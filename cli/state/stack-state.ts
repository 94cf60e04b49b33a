import type { KindName, Values } from "../../provider/schema/fields";
import { SCHEMAS } from "../../provider/schema/schemas";
import { kindOfToken } from "../../provider/schema/tokens";
import { oursOf, type Configuration } from "../account/config";
import * as errors from "../errors";
import { askPulumi, type StackPlace } from "../pulumi/run";
import { propertiesOf, type Properties } from "./values";
import { saying } from "../lib/saying";

/** What the state of a stack has, as far as it is ours. */
export interface StackState {
  readonly resources: readonly StateResource[];
  /** What a run that was interrupted has left half done: `creating` and the URN, for example. */
  readonly pending: readonly { readonly type: string; readonly urn: string }[];
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

interface Deployment {
  resources?: RawResource[];
  pending_operations?: { type: string; resource?: { urn?: string } }[];
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
  let deployment: Deployment;
  try {
    deployment = (JSON.parse(exported) as { deployment?: Deployment }).deployment ?? {};
  } catch (error) {
    throw errors.stateUnreadable(saying(error));
  }
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
  return { resources, pending };
}

/** An explicit provider stands in the place of the stack's configuration; the default one has a copy of that. */
function configurationFrom(provider: RawResource | undefined): Configuration | undefined {
  if (!provider || /::default(_[\w-]+)?$/.test(provider.urn)) return undefined;
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
