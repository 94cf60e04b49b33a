import * as pulumi from "../resources/sdk";
import { sharedAccount, type Task } from "../api/account";
import { explain } from "../api/explain";
import { resolveSettings, resolveToken, type Settings } from "../api/settings";
import { MagsError } from "../errors";
import { explicitProvider } from "../resources/explicit-provider";
import { userError } from "../resources/problems";
import { configurationOf } from "../resources/provider";
import type { FieldTable, Values } from "../schema/fields";
import { problemsOf } from "../schema/validation";
import * as errors from "./errors";

/** How long a function may take, in milliseconds: as long as a read of a resource. */
const LIMIT_MS = 120_000;

/** A long wait is told among the program's messages. */
const say = (message: string): void => void pulumi.log.info(message);

export interface FunctionOptions {
  /** The account to ask. @default that of `parent`, else the one of the stack's configuration */
  provider?: pulumi.ProviderResource;
  /** A component, whose provider is taken. */
  parent?: pulumi.Resource;
}

export interface FunctionOutputOptions extends FunctionOptions {
  /** Resources (not components) that have to be there first. In a preview that would create one, the result is not known. */
  dependsOn?: pulumi.Input<pulumi.Input<pulumi.CustomResource>[]> | pulumi.Input<pulumi.CustomResource>;
}

/** One function: what it takes, and what it asks of the API. Nothing of it changes anything. */
export interface Definition<A extends object, R> {
  name: string;
  table: FieldTable;
  /** What is wrong with the arguments beyond what the table says. */
  problems?(args: A): string[];
  ask(on: Asked, args: A): Promise<R>;
}

export interface Asked {
  task: Task;
  settings: Settings;
}

/** Arguments of which each may be an output. */
export type InputsOf<A> = { [K in keyof A]: pulumi.Input<A[K]> };

type Configuration = Record<string, string | undefined>;

/** The promise form: asks now. */
export async function call<A extends object, R>(
  definition: Definition<A, R>,
  args: A,
  options: FunctionOptions = {},
): Promise<R> {
  const configuration = await known(definition.name, configurationFrom(definition.name, options));
  return ask(definition, args, configuration);
}

/** The form for outputs: asks as soon as the arguments are known. */
export function callOutput<A extends object, R>(
  definition: Definition<A, R>,
  args: InputsOf<A>,
  { dependsOn, ...options }: FunctionOutputOptions = {},
): pulumi.Output<R> {
  // The token is secret; what is asked with it is not for that.
  const configuration = pulumi.unsecret(configurationFrom(definition.name, options));
  const result = pulumi
    .all([pulumi.output(args), configuration, thereFirst(definition.name, dependsOn)])
    .apply(([plain, settings]) => ask(definition, plain as A, settings as Configuration | undefined));
  return result as pulumi.Output<R>;
}

async function ask<A extends object, R>(
  definition: Definition<A, R>,
  given: A,
  own: Configuration | undefined,
): Promise<R> {
  try {
    const args = checked(definition, given);
    const stack = new pulumi.Config("mags");
    // An explicit provider stands in the place of the stack's configuration, also with what it was not given.
    const settings = resolveSettings((key) => (own ? own[`mags:${key}`] : stack.get(key)));
    const account = sharedAccount(settings, resolveToken(settings), say);
    const task: Task = { ...account, say, deadline: account.clock.now() + LIMIT_MS };
    return await definition.ask({ task, settings }, args);
  } catch (error) {
    const explained = explain(error);
    throw explained instanceof MagsError ? userError(explained) : explained;
  }
}

function checked<A extends object, R>({ name, table, problems }: Definition<A, R>, given: A): A {
  const args = Object.fromEntries(
    Object.entries(given as Values).filter(([, value]) => value !== undefined && value !== null),
  );
  const reasons = problemsOf(table, args).map(({ reason }) => reason);
  if (reasons.length === 0) reasons.push(...(problems?.(args as A) ?? []));
  if (reasons.length > 0) throw errors.functionArguments(name, reasons);
  return args as A;
}

/** What the explicit provider was given; undefined where the stack's configuration counts. */
function configurationFrom(
  name: string,
  { provider, parent }: FunctionOptions,
): pulumi.Output<Configuration | undefined> {
  const explicit = explicitProvider({ provider, parent });
  if (explicit === undefined) return pulumi.output(undefined);
  const own = configurationOf(explicit);
  if (own === undefined) throw userError(errors.providerForeign(name));
  return pulumi.output(own) as pulumi.Output<Configuration>;
}

/** The value of an output; an error where it is not known, since a promise has no way to say so. */
async function known<T>(name: string, output: pulumi.Output<T>): Promise<T> {
  // What an output is made of; the SDK declares neither.
  const { isKnown } = output as unknown as { isKnown: Promise<boolean> };
  if (!(await isKnown)) throw userError(errors.providerUnknown(name));
  return (output as unknown as { promise(): Promise<T> }).promise();
}

/** Known when the resources are there. */
function thereFirst(name: string, dependsOn: FunctionOutputOptions["dependsOn"]): pulumi.Output<unknown> {
  if (dependsOn === undefined) return pulumi.output(undefined);
  const idOf = (resource: unknown) => {
    if (!pulumi.CustomResource.isInstance(resource)) throw userError(errors.dependsOnForeign(name));
    return resource.id;
  };
  const isPlain = (value: unknown) => !(pulumi.Output.isInstance(value) || value instanceof Promise);
  // What can be judged at once is told where it is written.
  for (const given of [dependsOn].flat()) if (isPlain(given)) idOf(given);
  const resources = pulumi.output(dependsOn as pulumi.Input<unknown>) as pulumi.Output<unknown>;
  return resources.apply((given) => pulumi.all([given].flat().map(idOf)));
}
