import { isLoopback } from "../options";
import type { Settings } from "../options";

/** Largest script that is fetched, in bytes. */
const LARGEST = 4 * 1024 * 1024;

/** The text of a script of type `url`. Only loopback addresses, unless scripts may use the network. */
export async function fetchScript(address: string, settings: Pick<Settings, "network">): Promise<string> {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new Error(
      `the script of a job of type url must be a URL, not ${JSON.stringify(address.slice(0, 80))}`,
    );
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new Error(`a script can be fetched over http and https, not ${url.protocol}`);
  }
  if (!settings.network && !isLoopback(url.hostname.replace(/^\[|\]$/g, ""))) {
    throw new Error(
      `the script at ${url.host} is not fetched: start the emulator with --network to let jobs use the network`,
    );
  }
  // A redirection might lead away from this machine.
  const redirect = settings.network ? "follow" : "error";
  const response = await fetch(url, { redirect, signal: AbortSignal.timeout(30_000) });
  if (!response.ok)
    throw new Error(`fetching the script from ${url.host} failed with status ${response.status}`);
  const text = await response.text();
  if (text.length > LARGEST) throw new Error(`the script from ${url.host} is larger than ${LARGEST} bytes`);
  return text;
}
