import { AssertionError } from "node:assert";
import { CHECKS } from "./checks";
import { DATA_MISBEHAVIOURS } from "./misbehaviours/data";
import { JOB_MISBEHAVIOURS } from "./misbehaviours/jobs";
import type { Misbehaviour } from "./misbehaviours/misbehaviour";
import { REQUEST_MISBEHAVIOURS } from "./misbehaviours/requests";
import { VM_MISBEHAVIOURS } from "./misbehaviours/vms";
import type { Check } from "./support/check";
import { SeenRoutes } from "./support/client";
import { processes, simulated } from "./support/emulator-target";
import { startProxy } from "./support/proxy";

/*
 * The suite is only worth something if it fails when the emulator is wrong. Each misbehaviour is seeded
 * through a proxy or an option, and the check it is meant for is run on it: that check must fail.
 */

const ALL: readonly Misbehaviour[] = [
  ...REQUEST_MISBEHAVIOURS,
  ...JOB_MISBEHAVIOURS,
  ...VM_MISBEHAVIOURS,
  ...DATA_MISBEHAVIOURS,
];

/** Runs one check against one emulator, with the misbehaviour or without; gives what the check said. */
async function outcome(
  check: Check,
  {
    processes: real,
    setting,
    options,
    meddle,
  }: Pick<Misbehaviour, "processes" | "setting" | "options" | "meddle">,
): Promise<string | undefined> {
  const open = real === true ? processes : simulated;
  const meddler = meddle?.() ?? ((asked, forward) => forward(asked));
  const current = await open(new SeenRoutes(), { ...setting, ...options }, (emulator) =>
    startProxy(emulator, meddler),
  );
  try {
    await check.run(current.target);
    return undefined;
  } catch (error) {
    // Anything else, such as a connection that broke, is a mistake of this test and catches nothing.
    if (!(error instanceof AssertionError)) throw error;
    return error.message;
  } finally {
    await current.stop();
  }
}

function checkOf({ caughtBy }: Misbehaviour): Check {
  const found = CHECKS.find((check) => `${check.area}: ${check.name}` === caughtBy);
  if (found === undefined) throw new Error(`the suite has no check "${caughtBy}"`);
  return found;
}

test("there are at least 20 misbehaviours, each different", () => {
  expect(ALL.length).toBeGreaterThanOrEqual(20);
  expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
});

describe.each([...ALL])("$name", (misbehaviour) => {
  test(`is caught by "${misbehaviour.caughtBy}"`, async () => {
    const check = checkOf(misbehaviour);
    // Without it the same check passes through the same proxy: it is the misbehaviour that is caught.
    const { processes: real, setting } = misbehaviour;
    expect(await outcome(check, { processes: real, setting })).toBeUndefined();
    expect(await outcome(check, misbehaviour)).toEqual(expect.any(String));
  }, 30_000);
});
