import { askPulumi, type StackPlace } from "../pulumi/run";

/** What configures an account: the keys below `mags:`, without that prefix. */
export type Configuration = Readonly<Record<string, string>>;

const PREFIX = "mags:";

/**
 * What a stack's configuration says about its account, read without a lock. The token is decrypted only if it is
 * there, and nothing else is.
 */
export async function configurationOf(place: StackPlace): Promise<Configuration> {
  const all = JSON.parse(await askPulumi(["config", "--json"], place)) as Record<string, ConfigValue>;
  const ours = Object.entries(all).filter(([key]) => key.startsWith(PREFIX));
  const pairs = ours.map(async ([key, { value, secret }]) => [
    key.slice(PREFIX.length),
    secret ? (await askPulumi(["config", "get", key], place)).replace(/\n$/, "") : (value ?? ""),
  ]);
  return Object.fromEntries((await Promise.all(pairs)) as [string, string][]);
}

/** What of it is no secret; nothing is decrypted. */
export async function plainConfigurationOf(place: StackPlace): Promise<Configuration> {
  const all = JSON.parse(await askPulumi(["config", "--json"], place)) as Record<string, ConfigValue>;
  const plain = Object.entries(all).flatMap(([key, { value, secret }]) =>
    key.startsWith(PREFIX) && !secret && value !== undefined ? [[key.slice(PREFIX.length), value]] : [],
  );
  return Object.fromEntries(plain) as Configuration;
}

interface ConfigValue {
  value?: string;
  secret?: boolean;
}
