import { explained, isMissing, isTaken, lockIn } from "../../../cli/preview/pulumi-errors";

/** A failure as the Automation API gives it: both outputs in one, and unmixed below it. */
const failure = (stderr: string, stdout = "") =>
  Object.assign(new Error(`${stderr}${stdout}`), {
    commandResult: {
      stdout: "",
      stderr: `Command failed with exit code 1: pulumi up\n${stderr}\n${stdout}`,
      err: { stdout, stderr },
    },
  });

const REPORT = `Updating (pr-9):

 +  pulumi-nodejs:dynamic:CronJob tick creating (0s) error: nobody answers
Diagnostics:
  pulumi:pulumi:Stack (shop-pr-9):
    error: update failed

    error: PULUMI_CONFIG_PASSPHRASE must be set
    error: [409] Conflict: Another update is currently in progress

  pulumi-nodejs:dynamic:CronJob (tick):
    error: The Mags API could not be reached: connection refused
    and more

Resources:
    1 errored
`;
const THROWN = `Previewing update (pr-9):

Diagnostics:
  pulumi:pulumi:Stack (shop-pr-9):
    error: not the first word of a program
    error: Running program '/shop/index.js' failed with an unhandled exception:
    Error: broken on purpose
        at Object.<anonymous> (/shop/index.js:5:30)
    error: preview failed
`;
const upFailed = (detail: string) => new Error(`update failed: ${detail}`);

describe("what went wrong in Pulumi", () => {
  it("is what the diagnostics say of a resource, with its name, and not that something failed", () =>
    expect(explained(failure("", REPORT), upFailed).message).toBe(
      "update failed: tick: The Mags API could not be reached: connection refused.",
    ));

  it("is what the program has thrown", () =>
    expect(explained(failure("", THROWN), upFailed).message).toBe("update failed: broken on purpose."));

  it("without diagnostics, is what the CLI says", () =>
    expect(explained(failure("warning: old\nerror: it broke"), upFailed).message).toBe(
      "update failed: it broke.",
    ));

  it("is about the backend, a passphrase or a lock only where the CLI itself says so", () => {
    expect(lockIn(failure("", REPORT))).toBeUndefined();
    expect(
      lockIn(failure("warning: [409] Conflict: Another update is currently in progress")),
    ).toBeUndefined();
    expect(lockIn(failure("error: [409] Conflict"))).toBeUndefined();
    expect(lockIn(failure("error: [409] Conflict: Another update is currently in progress."))).toEqual({});
    expect(explained(failure("error: dial tcp 127.0.0.1:9: connect: connection refused")).message).toMatch(
      /^The state backend could not be reached: .*; nothing was changed/,
    );
    expect(explained(failure("error: getting secrets manager: incorrect passphrase")).message).toContain(
      "encrypted with a passphrase",
    );
  });

  it("does not claim that nothing was changed once a run was at work", () => {
    const error = failure("error: connection refused");
    expect(explained(error, upFailed, { atWork: true }).message).not.toContain("nothing was changed");
  });

  it("a stack that is not there, or is there already", () => {
    expect(isMissing(failure("error: no stack named 'pr-9' found"))).toBe(true);
    expect(isTaken(failure("error: stack 'organization/shop/pr-9' already exists"))).toBe(true);
    expect(isMissing(failure("error: it broke")) || isTaken(failure("error: it broke"))).toBe(false);
  });
});
