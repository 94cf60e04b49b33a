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

/** What a stack's configuration says about its account, secrets decrypted. */
export async function configurationOf(place: StackPlace): Promise<Configuration> {
  return (await readConfiguration(place)).decrypted();
}

/** What of it is no secret; nothing is decrypted. */
export async function plainConfigurationOf(place: StackPlace): Promise<Configuration> {
  return (await readConfiguration(place)).plain;
}

/** What a stack's configuration says about its account, as far as it has been read. */
export interface StackConfiguration {
  /** What is no secret. */
  readonly plain: Configuration;
  /** All of it. The token is decrypted only if it is there, and nothing else is. */
  decrypted(): Promise<Configuration>;
}

interface ConfigValue {
  value?: string;
  secret?: boolean;
}

/** Reads a stack's configuration once, without a lock. */
export async function readConfiguration(place: StackPlace): Promise<StackConfiguration> {
  const printed = await askPulumi(["config", "--json"], place);
  const values = oursOf(JSON.parse(printed) as Record<string, ConfigValue>);
  const plain = values.flatMap(([key, { value, secret }]) =>
    !secret && value !== undefined ? [[key, value] as const] : [],
  );
  return {
    plain: Object.fromEntries(plain),
    decrypted: async () => {
      const pairs = values.map(async ([key, { value, secret }]) => [
        key,
        secret ? (await askPulumi(["config", "get", PREFIX + key], place)).replace(/\n$/, "") : (value ?? ""),
      ]);
      return Object.fromEntries((await Promise.all(pairs)) as [string, string][]);
    },
  };
}
