import path from "node:path";

import { root } from "../../scripts/lib/paths.mjs";
import { BenchStack } from "../contestants/stack.mjs";

/**
 * How many bytes the example's resources take in the state, and the provider's text of each.
 * @param {string} bin The engine's folder.
 * @param {{ url: string, token: string }} emulator
 */
export async function stateSizes(bin, emulator) {
  const stack = new BenchStack({
    name: "example",
    program: path.join(root, "examples", "always-on-service"),
    bin,
    env: { MAGS_API_URL: emulator.url, MAGS_API_TOKEN: emulator.token },
  });
  try {
    await stack.init({ protectData: "false" });
    await stack.pulumi("up", "--yes", "--skip-preview", "--parallel", "32");
    const resources = await stack.resources();
    const bytes = resources.map((resource) => Buffer.byteLength(JSON.stringify(resource)));
    const texts = resources.map(({ outputs }) => Buffer.byteLength(String(outputs?.__provider)));
    return { resources: resources.length, largest: Math.max(...bytes), text: Math.max(...texts) };
  } finally {
    await stack.remove();
  }
}
