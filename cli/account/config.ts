import { askPulumi, type StackPlace } from "../pulumi/run";

/** What configures an account: the keys below `mags:`, without that prefix. */
export type Configuration = Readonly<Record<string, string>>;

const PREFIX = "mags:";

/** Those of some configured values that are ours, by their keys without the prefix. */
export function oursOf<T>(all: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(all)
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([key, value]) => [key.slice(PREFIX.length), value]);
}

/**
 * What a stack's configuration says about its account, read without a lock. The token is decrypted only if it is
 * there, and nothing else is.
 */
export async function configurationOf(place: StackPlace): Promise<Configuration> {
  const pairs = (await valuesOf(place)).map(async ([key, { value, secret }]) => [
    key,
    secret ? (await askPulumi(["config", "get", PREFIX + key], place)).replace(/\n$/, "") : (value ?? ""),
  ]);
  return Object.fromEntries((await Promise.all(pairs)) as [string, string][]);
}

/** What of it is no secret; nothing is decrypted. */
export async function plainConfigurationOf(place: StackPlace): Promise<Configuration> {
  const plain = (await valuesOf(place)).flatMap(([key, { value, secret }]) =>
    !secret && value !== undefined ? [[key, value]] : [],
  );
  return Object.fromEntries(plain) as Configuration;
}

interface ConfigValue {
  value?: string;
  secret?: boolean;
}

async function valuesOf(place: StackPlace): Promise<[string, ConfigValue][]> {
  return oursOf(JSON.parse(await askPulumi(["config", "--json"], place)) as Record<string, ConfigValue>);
}
