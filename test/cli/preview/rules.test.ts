import fc from "fast-check";
import { belongsTo, pullRequestIn, type Scope } from "../../../cli/preview/cloud";
import { durationOf, expiryOf } from "../../../cli/preview/life";
import { openNumbers, pullRequestNumber, pullRequestOf, stackOf } from "../../../cli/preview/pull-request";
import { ageOf, firstError, lockIn } from "../../../cli/preview/pulumi-errors";
import { OWNER_TAG, isPreviewOf, ownerOf, recordOf, tagsOf } from "../../../cli/preview/record";
import { namespaceOf, pathOfRemote, repositoryOf } from "../../../cli/preview/repository";
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

  it.each(["0", "-1", "7.5", "07", "abc", "", "1e3", "#7", "99999999999", "7; rm -rf /"])(
    '"%s" is no pull request',
    (given) => expect(() => pullRequestNumber(given)).toThrow("is not the number of a pull request"),
  );
});

describe("what a sweep may take for a preview", () => {
  it("is a stack whose name and tag both say so, and no other, whatever tags it has", () =>
    fc.assert(
      fc.property(
        fc.oneof(words, numbers.map(stackOf)),
        fc.dictionary(fc.oneof(fc.constant(OWNER_TAG), words), fc.oneof(words, fc.constant("acme/shop#7"))),
        numbers,
        (stack, tags, number) => {
          const matches = isPreviewOf(stack, tags, "acme/shop", number);
          expect(matches).toBe(stack === `pr-${number}` && tags[OWNER_TAG] === `acme/shop#${number}`);
        },
      ),
    ));

  it("is of this namespace: equal numbers of two repositories never meet", () =>
    fc.assert(
      fc.property(scopes, scopes, numbers, (one, other, number) => {
        fc.pre(one.namespace !== other.namespace);
        const tags = { [OWNER_TAG]: ownerOf(one.namespace, number) };
        expect(isPreviewOf(stackOf(number), tags, one.namespace, number)).toBe(true);
        expect(isPreviewOf(stackOf(number), tags, other.namespace, number)).toBe(false);
      }),
    ));

  it("is never a production stack, also one that somebody has tagged", () =>
    fc.assert(
      fc.property(
        fc.constantFrom("prod", "production", "dev", "main", "staging", "live"),
        numbers,
        (stack, number) =>
          expect(isPreviewOf(stack, { [OWNER_TAG]: ownerOf("acme/shop", number) }, "acme/shop", number)).toBe(
            false,
          ),
      ),
    ));
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

  it.each(["72", "0h", "-1h", "1.5h", "h", "", "72 h", "1w", "9999999h"])('"%s" is none', (given) =>
    expect(() => durationOf("--ttl", given)).toThrow(`--ttl "${given}" is not a time`),
  );

  it("is renewed by a push, and never goes beyond the longest life", () =>
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), fc.nat(), (created, later, ttl, longest) => {
        const expires = expiryOf(created + later, created, ttl, longest);
        expect(expires).toBeLessThanOrEqual(created + longest);
        expect(expires).toBeLessThanOrEqual(created + later + ttl);
        expect([created + longest, created + later + ttl]).toContain(expires);
      }),
    ));
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

  it.each(["a b", "../x", "-x", "x".repeat(201), "a\nb"])("%j is refused", (namespace) =>
    expect(() => namespaceOf({ namespace }, "/")).toThrow("cannot be a namespace"),
  );

  it.each(["shop", "acme/", "a/b/c", "acme/shop?x"])("%s is no repository", (repository) =>
    expect(() => repositoryOf({ repository })).toThrow("is not a repository of GitHub"),
  );
});

describe("the open pull requests that somebody lists", () => {
  it("are numbers, or none", () => {
    expect(openNumbers("3, 12")).toEqual(new Set([3, 12]));
    expect(openNumbers("none")).toEqual(new Set());
  });

  it.each(["", ",", "3,", "3,x", "null"])('"%s" is refused: it may be a list that was not got', (given) =>
    expect(() => openNumbers(given)).toThrow("everything would be removed"),
  );
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
