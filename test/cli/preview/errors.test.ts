import { CliError } from "../../../cli/errors";
import * as errors from "../../../cli/preview/errors";

const SAMPLES: Record<string, unknown[]> = {
  stackProtected: ["pr-7", ["web"]],
  leftBehind: ["pr-7", ["job web"]],
  urlSilent: ["http://a.test", 180, "no answer"],
  sweepIncomplete: [2],
  pullRequestClosed: ["acme/shop", 7],
  gitHubRateLimited: ["GET /", "in 5 min"],
  backendUnreachable: ["there is none."],
  upFailed: ["pr-7", "it broke."],
  downFailed: ["pr-7", "it broke."],
};

it.each(Object.entries(errors).filter(([name]) => !name.endsWith("Error")))(
  "%s is a whole message in sentences",
  (name, factory) => {
    const make = factory as (...args: unknown[]) => Error | string;
    const made = make(...(SAMPLES[name] ?? ["first", "second", "third"]));
    if (typeof made !== "string") expect(made).toBeInstanceOf(CliError);
    const message = typeof made === "string" ? made : made.message;
    expect(message).not.toMatch(/undefined|\[object|NaN|\.\.(?!\.)|[^\n] {2}/);
    expect(message).toMatch(/^["A-Z0-9a-z-].*\S/);
    expect(message.length).toBeGreaterThan(20);
  },
);
