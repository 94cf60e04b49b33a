import { inspect } from "node:util";
import { Secret } from "../../../provider/api/secret";

const secret = new Secret("hunter2");

it("gives its value when it is asked for it", () => expect(secret.reveal()).toBe("hunter2"));

it.each<[string, () => string]>([
  ["a template text", () => `${secret as unknown as string}`],
  ["concatenation", () => "key: " + String(secret)],
  ["JSON", () => JSON.stringify({ secret })],
  ["console.log", () => inspect(secret)],
  ["console.log of what holds it", () => inspect({ deep: { list: [secret] } }, { depth: 9 })],
  ["inspection with everything shown", () => inspect(secret, { showHidden: true, customInspect: false })],
  [
    "its own properties",
    () => JSON.stringify(Object.entries(secret)) + Reflect.ownKeys(secret).map(String).join(),
  ],
  ["a copy", () => inspect({ ...secret }) + inspect(structuredClone(secret))],
  ["an error", () => String(new Error(`failed with ${String(secret)}`))],
])("does not show it in %s", (_name, show) => expect(show()).not.toContain("hunter2"));

it("says what it is instead", () => {
  expect(`${secret as unknown as string} ${JSON.stringify(secret)} ${inspect(secret)}`).toBe(
    '[secret] "[secret]" [secret]',
  );
});

it("knows its like", () => {
  expect(Secret.isInstance(secret)).toBe(true);
  for (const other of [undefined, null, "text", {}]) expect(Secret.isInstance(other)).toBe(false);
});
