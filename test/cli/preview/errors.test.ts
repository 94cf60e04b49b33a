import { CliError } from "../../../cli/errors";
import * as errors from "../../../cli/preview/errors";

const SAMPLES: Record<string, unknown[]> = {
  stackProtected: ["pr-7", ["web"]],
  leftBehind: ["pr-7", ["job web"]],
  noUrl: ["pr-7", "url", "secret"],
  urlSilent: ["http://a.test", 180, "no answer"],
  sweepIncomplete: [2],
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
