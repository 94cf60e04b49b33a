import fc from "fast-check";
import { belongsTo, pullRequestIn, type Scope } from "../../../cli/preview/cloud";
import { durationOf, expiryOf } from "../../../cli/preview/life";
import { openNumbers, pullRequestOf, stackOf } from "../../../cli/preview/pull-request";
import { ageOf, firstError, lockIn } from "../../../cli/preview/pulumi-errors";
import { recordOf, tagsOf } from "../../../cli/preview/record";
import { namespaceOf, pathOfRemote } from "../../../cli/preview/repository";
import { changesOf } from "../../../cli/preview/up";
import { generatedName } from "../../../provider/schema/naming";

const numbers = fc.integer({ min: 1, max: 999_999_999 });
const words = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);
const scopes: fc.Arbitrary<Scope> = fc.record({
  namespace: fc.stringMatching(/^[a-z]{1,8}\/[a-z]{1,8}$/),
  organization: words,
  project: words,
});

describe("the stack of a pull request", () => {
  it("is named by its number, and tells it", () =>
    fc.assert(fc.property(numbers, (number) => expect(pullRequestOf(stackOf(number))).toBe(number))));

  it.each([
    "dev",
    "production",
    "prod",
    "pr-",
    "pr-0",
    "pr-01",
    "pr-7-production",
    "xpr-7",
    "pr-7 ",
    "PR-7",
    "pr-1e3",
    "pr--7",
  ])("%s is none", (name) => expect(pullRequestOf(name)).toBeUndefined());
});

describe("what in the cloud belongs to a preview", () => {
  const nameOf = (scope: Scope, stack: string, logicalName: string, room: number) =>
    generatedName(
      { organization: scope.organization, project: scope.project, stack, typeChain: "t", logicalName },
      scope.namespace,
      room,
    );

  it("is what was generated for it, however long its readable part, and what is made for that besides", () =>
    fc.assert(
      fc.property(
        scopes,
        numbers,
        fc.string({ maxLength: 80 }),
        fc.integer({ min: 40, max: 63 }),
        (scope, number, logical, room) => {
          const name = nameOf(scope, stackOf(number), logical, room);
          for (const made of [name, `${name}-setup`, `${name}-abcdefghijkl`]) {
            expect(pullRequestIn(made, scope)).toBe(number);
            expect(belongsTo(made, number, scope)).toBe(true);
          }
        },
      ),
    ));

  it("is nothing of another number, repository, project, organization or stack", () =>
    fc.assert(
      fc.property(scopes, scopes, numbers, numbers, words, (scope, other, number, another, stack) => {
        fc.pre(
          JSON.stringify(scope) !== JSON.stringify(other) &&
            number !== another &&
            pullRequestOf(stack) === undefined,
        );
        expect(pullRequestIn(nameOf(other, stackOf(number), "web", 63), scope)).toBeUndefined();
        expect(pullRequestIn(nameOf(scope, stack, "web", 63), scope)).toBeUndefined();
        expect(belongsTo(nameOf(scope, stackOf(another), "web", 63), number, scope)).toBe(false);
      }),
    ));

  it.each(["production", "pr-7-web", "pr-7-web-aaaaabbbbbbbb", "pr-7", ""])("is not %s", (name) =>
    expect(
      pullRequestIn(name, { namespace: "acme/shop", organization: "organization", project: "shop" }),
    ).toBeUndefined(),
  );
});

describe("the time to live", () => {
  it.each([
    ["90m", 5_400_000],
    ["72h", 259_200_000],
    ["3d", 259_200_000],
  ])("%s", (given, milliseconds) => expect(durationOf("--ttl", given)).toBe(milliseconds));

  const DAY = 86_400_000;
  const created = Date.parse("2026-03-01T00:00:00Z");
  it.each([
    ["a push on the first day", 0, "2026-03-04"],
    ["a push later renews it", 10, "2026-03-14"],
    ["a push near its end gives it less", 29, "2026-03-31"],
    ["a push after its end gives it nothing", 40, "2026-03-31"],
  ])("with 72h, and 30d at most: %s", (_what, days, until) => {
    const expires = expiryOf(
      created + days * DAY,
      created,
      durationOf("--ttl", "72h"),
      durationOf("--max-ttl", "30d"),
    );
    expect(new Date(expires).toISOString()).toBe(`${until}T00:00:00.000Z`);
  });
});

describe("what is noted of a preview", () => {
  it("comes back from its tags as it was", () => {
    const record = {
      created: 1_700_000_000_000,
      expires: 1_700_000_360_000,
      sha: "abc",
      url: "http://a.b",
      changes: "1 created",
      error: "x",
      seeded: true,
    };
    expect(recordOf(tagsOf(record))).toEqual(record);
  });

  it("has values that every backend takes", () =>
    fc.assert(
      fc.property(fc.string({ maxLength: 2000 }), (error) => {
        for (const value of Object.values(tagsOf({ error }))) {
          expect(value.length).toBeGreaterThan(0);
          expect(value.length).toBeLessThanOrEqual(256);
          expect(value).not.toMatch(/[\r\n]/);
        }
      }),
    ));

  it("has no half URL", () => {
    const url = `https://a.test/${"x".repeat(256)}`;
    expect(recordOf(tagsOf({ url })).url).toBeUndefined();
  });

  it("a time that somebody has spoilt is none, so that nothing expires by it", () =>
    expect(recordOf({ "mags:preview-expires": "yesterday" }).expires).toBeUndefined());
});

describe("whose pull requests they are", () => {
  it("the flag wins over the repository, and is in lower case", () => {
    expect(namespaceOf({ namespace: "Team/Web" }, "/")).toBe("team/web");
    expect(namespaceOf({ repository: "Acme/Shop" }, "/")).toBe("acme/shop");
  });

  it.each([
    ["git@github.com:acme/shop.git", "acme/shop"],
    ["https://github.com/acme/shop", "acme/shop"],
    ["https://user:token@gitlab.com/group/below/shop.git/", "group/below/shop"],
    ["ssh://git@gitlab.com:2222/group/below/shop.git", "group/below/shop"],
    ["git@gitlab.com:group/below/shop.git", "group/below/shop"],
    ["/srv/git/acme/shop.git", "acme/shop"],
  ])("of the remote %s: %s", (url, path) => expect(pathOfRemote(url)).toBe(path));
});

describe("the open pull requests that somebody lists", () => {
  it("are numbers, or none", () => {
    expect(openNumbers("3, 12")).toEqual(new Set([3, 12]));
    expect(openNumbers("none")).toEqual(new Set());
  });
});

describe("what Pulumi says", () => {
  const LOCKED = `error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///s/.pulumi/locks/organization/shop/pr-1/abc.json: created by u@h (pid 1) at 2026-01-01T10:00:00Z
  file:///s/.pulumi/locks/organization/shop/pr-1/def.json: created by u@h (pid 2) at 2026-01-01T11:00:00.5Z`;

  it("a lock, with the age of the youngest", () => {
    const lock = lockIn(new Error(LOCKED))!;
    expect(ageOf(lock, Date.parse("2026-01-01T12:00:00.5Z"))).toBe(3_600_000);
  });

  it("a lock of the service, which tells no age", () => {
    const lock = lockIn(new Error("error: [409] Conflict: Another update is currently in progress."))!;
    expect(ageOf(lock, Date.now())).toBeUndefined();
  });

  it("no lock", () => expect(lockIn(new Error("error: no stack named 'x' found"))).toBeUndefined());

  it("the first error, as a sentence", () =>
    expect(firstError("\nwarning: x\nerror: it broke\n")).toBe("it broke."));

  it("what has changed", () => {
    expect(changesOf({ create: 2, same: 4, delete: 1 })).toBe("2 created, 1 deleted");
    expect(changesOf({ same: 4 })).toBe("no changes");
    expect(changesOf({ create: 2 }, true)).toBe("1 created");
    expect(changesOf({ create: 1 }, true)).toBe("no changes");
  });
});
