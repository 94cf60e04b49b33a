import { ProvenScripts } from "../../../provider/lifecycle/proven-scripts";
import type { Values } from "../../../provider/schema/fields";

const SERVE: Values = { name: "web-1", script: "serve", environment: { NUMBER: "1" }, secrets: { KEY: "a" } };

let proven: ProvenScripts;
beforeEach(() => {
  proven = new ProvenScripts();
  proven.note(SERVE);
});

it("knows nothing of scripts that were not seen", () => {
  expect(new ProvenScripts().has(SERVE)).toBe(false);
});

it.each<[string, Values]>([
  [
    "under another name, with other values of the same variables",
    { name: "web-2", environment: { NUMBER: "2" } },
  ],
  ["with another secret value", { secrets: { KEY: "b" } }],
  ["with another start-up command, which only runs on waking", { startupCommand: "date" }],
])("takes the script as seen %s", (_, change) => {
  expect(proven.has({ ...SERVE, ...change })).toBe(true);
});

it.each<[string, Values]>([
  ["is another", { script: "serve --fast" }],
  ["runs in another image", { rootfsType: "pi" }],
  ["finds other files", { files: { "a.txt": "sha256:1" } }],
  ["starts from another base", { baseWorkspaceId: "base" }],
  ["lacks a variable", { environment: {} }],
  ["finds a variable among the secrets instead", { environment: {}, secrets: { KEY: "a", NUMBER: "1" } }],
  ["has less memory", { memoryMb: 128 }],
])("wants to see a script itself that %s", (_, change) => {
  expect(proven.has({ ...SERVE, ...change })).toBe(false);
});
