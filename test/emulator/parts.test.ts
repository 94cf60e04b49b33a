import * as fs from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { DrivenClock, RealClock } from "../../emulator/clock";
import { generator } from "../../emulator/faults";
import { readMultipart } from "../../emulator/http/multipart";
import { checkFileName, checkJobName, checkWorkspaceId } from "../../emulator/names";
import { resolveOptions } from "../../emulator/options";
import { FACTS } from "../../emulator/facts";
import { withReference } from "../../emulator/reference";
import { ROUTES, matchRoute, routeName } from "../../emulator/routes";
import { interpret } from "../../emulator/runtime/simulate";

describe("driven clock", () => {
  test("runs what falls due, in order, each to its end, at its own time", async () => {
    const clock = new DrivenClock((error) => {
      throw error;
    }, 0);
    const seen: string[] = [];
    clock.after(30, () => void seen.push(`late ${clock.now()}`));
    clock.after(10, async () => {
      await Promise.resolve();
      seen.push(`early ${clock.now()}`);
      clock.after(5, () => void seen.push(`nested ${clock.now()}`));
    });
    const cancelled = clock.after(20, () => void seen.push("never"));
    cancelled.cancel();
    await clock.advance(29);
    expect(seen).toEqual(["early 10", "nested 15"]);
    await clock.advance(1);
    expect(seen).toEqual(["early 10", "nested 15", "late 30"]);
    expect(() => clock.advance(NaN)).toThrow(RangeError);
  });

  test("an error of one task is told and stops no other; sleepers wake when the clock ends", async () => {
    const errors: unknown[] = [];
    const clock = new DrivenClock((error) => errors.push(error), 0);
    clock.after(1, () => {
      throw new Error("first");
    });
    let ran = false;
    clock.after(2, () => {
      ran = true;
    });
    await clock.advance(5);
    expect(errors).toEqual([new Error("first")]);
    expect(ran).toBe(true);
    const asleep = clock.sleep(1_000);
    clock.close();
    await asleep;
  });
});

test("a real clock stops with its timers, and wakes who sleeps", async () => {
  const clock = new RealClock(() => undefined);
  let fired = false;
  clock.after(1, () => {
    fired = true;
  });
  const asleep = clock.sleep(60_000);
  clock.close();
  await asleep;
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(fired).toBe(false);
});

describe("names", () => {
  test("whatever is accepted is one harmless path segment of at most 63 characters", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 80 }), fc.stringMatching(/^[a-zA-Z0-9-]{1,70}$/)),
        (text) => {
          for (const check of [checkJobName, checkWorkspaceId]) {
            let accepted = true;
            try {
              check(text);
            } catch {
              accepted = false;
            }
            if (accepted) expect(text).toMatch(/^[A-Za-z0-9-]{1,63}$/);
          }
        },
      ),
    );
    expect(checkJobName("a".repeat(63))).toHaveLength(63);
    expect(checkWorkspaceId("MyData-1")).toBe("MyData-1");
  });

  test("file names", () => {
    expect(checkFileName("My file (1).tar.gz")).toBe("My file (1).tar.gz");
    for (const name of ["..", ".", "a/b", "a\0b", "", "x".repeat(201), "a..b"]) {
      expect(() => checkFileName(name)).toThrow();
    }
  });
});

describe("routes", () => {
  test("fixed paths win over variable ones, and every route finds itself", () => {
    expect(matchRoute("v1", "GET", "/mags-jobs/usage")?.route.path).toBe("/mags-jobs/usage");
    for (const route of ROUTES) {
      const path = route.path.replace(/\{[^}]+\}/, "some%2Fid");
      const match = matchRoute("v1", route.method, path);
      expect(match?.route).toBe(route);
      for (const value of Object.values(match?.params ?? {})) expect(value).toBe("some/id");
    }
    expect(matchRoute("v2", "GET", "/mags-jobs")).toBeUndefined();
  });

  test("docs/emulator.md is up to date (else: mags-iac emulator routes --write docs/emulator.md)", async () => {
    const text = await fs.readFile(join(__dirname, "../../docs/emulator.md"), "utf8");
    expect(text).toBe(withReference(text));
  });

  test("every route has its facts, and every fact its route", () => {
    expect(Object.keys(FACTS).sort()).toEqual(ROUTES.map(routeName).sort());
    for (const facts of Object.values(FACTS)) expect(facts).not.toEqual([]);
  });
});

describe("simulated scripts", () => {
  test.each([
    ["sleep infinity", false, { durationMs: Infinity }],
    ["sleep 2; exit 3", false, { durationMs: 2_000, exitCode: 3 }],
    ["# comment\necho 'a b'\ntrue", true, { stdout: "a b\n", exitCode: 0, durationMs: 0 }],
    ["false", false, { exitCode: 1 }],
    ["echo no >&2; echo 'to a file' > /root/f; echo on>>f", false, { stdout: "", stderr: "no\n" }],
    ["echo 'a > b'\necho", false, { stdout: "a > b\n\n", stderr: "" }],
    ["npm start", false, { exitCode: 0, durationMs: 0 }],
    ["npm ci && npm start", true, { durationMs: Infinity }],
    [
      "(cd /x && { ls a || exit 1; }) || { echo no >&2; exit 1; }\necho on",
      true,
      { stdout: "on\n", stderr: "", exitCode: 0 },
    ],
  ])("%j (persistent: %p)", (script, persistent, expected) => {
    expect(interpret(script, persistent)).toMatchObject(expected);
  });
});

test("options that make no sense are refused with the reason", () => {
  for (const options of [
    { port: -1 },
    { port: 70_000 },
    { accounts: 0 },
    { accounts: 1.5 },
    { tokens: ["a", "a"] },
    { bootMs: NaN },
    { domain: "http://x" },
    { execute: "maybe" as never },
    { conflictStatus: 400 as never },
  ]) {
    expect(() => resolveOptions(options)).toThrow(RangeError);
  }
});

test("the generator of draws repeats itself by seed, within 0 and 1", () => {
  const draw = (seed: number) => Array.from({ length: 100 }, generator(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(draw(7).every((value) => value >= 0 && value < 1)).toBe(true);
});

describe("multipart", () => {
  test("any bytes come back, whatever they look like", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const content = Buffer.from(bytes);
        const body = Buffer.concat([
          Buffer.from(
            '--b0undary\r\nContent-Disposition: form-data; name="file"; filename="a \\"b\\".bin"\r\n\r\n',
          ),
          content,
          Buffer.from("\r\n--b0undary--\r\n"),
        ]);
        expect(readMultipart("multipart/form-data; boundary=b0undary", body)).toEqual([
          { name: "file", fileName: 'a "b".bin', content },
        ]);
      }),
    );
  });
});
