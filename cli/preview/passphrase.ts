import { parse } from "yaml";
import * as errors from "./errors";

/**
 * An empty passphrase is what a secret comes to that a workflow has not got, and Pulumi takes it like any other. One
 * that is not set at all is refused by Pulumi itself.
 * @param backend URL of the state backend; a service encrypts by itself
 * @param stackFile text of the stack file, which may name another way to encrypt
 */
export function refuseEmptyPassphrase(backend: string, stackFile: string, env = process.env): void {
  if (env.PULUMI_CONFIG_PASSPHRASE !== "" || env.PULUMI_CONFIG_PASSPHRASE_FILE) return;
  if (/^https?:/.test(backend)) return;
  const { secretsprovider = "passphrase" } = (parse(stackFile) ?? {}) as { secretsprovider?: string };
  if (["passphrase", "default", ""].includes(secretsprovider)) throw errors.passphraseEmpty();
}
